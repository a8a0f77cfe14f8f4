"""Container image references: repository, tag, digest, and the release a proxy image carries."""

import re
from dataclasses import dataclass

_RELEASE = re.compile(r"(\d+)\.(\d+)(?:\.(\d+))?(?:[-.+].*)?")


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

    @property
    def release(self) -> tuple[int, ...] | None:
        """The x.y or x.y.z a tag starts with (`1.31.0-distroless` is 1.31.0), None for other tags."""
        match = _RELEASE.fullmatch(self.tag)
        return tuple(int(part) for part in match.groups() if part is not None) if match else None


def image(reference: str) -> Image:
    """Take a reference apart: a colon after the last slash starts the tag, an `@` the digest."""
    rest, _, digest = reference.partition("@")
    head, slash, tail = rest.rpartition("/")
    name, _, tag = tail.partition(":")
    return Image(f"{head}{slash}{name}", tag, digest)
