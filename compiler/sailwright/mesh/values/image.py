"""Container image references: repository, tag and digest."""

from sailwright.runtime.records import dataclass


@dataclass(frozen=True, slots=True)
class Image:
    """`registry/path/name:tag@digest`, taken apart; tag and digest are empty where the reference has none."""

    repository: str
    tag: str
    digest: str

    @property
    def name(self) -> str:
        """The last part of the repository: `proxyv2` of `docker.io/istio/proxyv2`."""
        return self.repository.rpartition("/")[2]


def image(reference: str) -> Image:
    """Take a reference apart: a colon after the last slash starts the tag, an `@` the digest."""
    rest, _, digest = reference.partition("@")
    head, slash, tail = rest.rpartition("/")
    name, _, tag = tail.partition(":")
    return Image(f"{head}{slash}{name}", tag, digest)
