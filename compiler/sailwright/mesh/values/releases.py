"""The Istio releases this version knows: facts about each release line, and how a release is written.

Sources: Istio's supported-releases page (dates, Kubernetes versions), `MinK8SVersion` of each istioctl, the charts' default hub.
"""

from __future__ import annotations

from functools import lru_cache

from sailwright.runtime.errors import Failure
from sailwright.runtime.records import dataclass
from sailwright.runtime.regex import regex


@dataclass(frozen=True, slots=True, order=True)
class Release:
    """One release of Istio: 1.30.3."""

    major: int
    minor: int
    patch: int

    @property
    def line(self) -> str:
        """The release line, `1.30`."""
        return f"{self.major}.{self.minor}"

    def __str__(self) -> str:
        return f"{self.major}.{self.minor}.{self.patch}"


@dataclass(frozen=True, slots=True)
class Line:
    """One release line.

    `newest` is the newest patch whose injection has been compared with the real one. `end_of_life` is a date, or None where
    none is announced. `kubernetes` holds the oldest and newest supported version, `oldest_kubernetes` the one below which
    istioctl warns. `hub` is where the charts take images from.
    """

    name: str
    newest: Release
    released: str
    end_of_life: str | None
    kubernetes: tuple[str, str]
    oldest_kubernetes: str
    hub: str


_DOCKER = "docker.io/istio"
_REGISTRY = "registry.istio.io/release"

LINES: tuple[Line, ...] = (
    Line("1.24", Release(1, 24, 6), "2024-11-07", "2025-06-24", ("1.28", "1.31"), "1.28", _DOCKER),
    Line("1.25", Release(1, 25, 5), "2025-03-03", "2025-09-30", ("1.29", "1.32"), "1.29", _DOCKER),
    Line("1.26", Release(1, 26, 8), "2025-05-08", "2025-12-22", ("1.29", "1.33"), "1.29", _DOCKER),
    Line("1.27", Release(1, 27, 9), "2025-08-11", "2026-04-07", ("1.29", "1.33"), "1.29", _DOCKER),
    Line("1.28", Release(1, 28, 10), "2025-11-05", "2026-07-01", ("1.30", "1.34"), "1.30", _DOCKER),
    Line("1.29", Release(1, 29, 6), "2026-02-16", None, ("1.31", "1.35"), "1.30", _DOCKER),
    Line("1.30", Release(1, 30, 3), "2026-05-18", None, ("1.32", "1.36"), "1.32", _REGISTRY),
    # Istio's 1.31 upgrade notes: images are published on Docker Hub only from here on.
    Line("1.31", Release(1, 31, 0), "2026-08-31", None, ("1.32", "1.36"), "1.32", _DOCKER),
)

NEWEST = LINES[-1].newest

Numbers = tuple[int, ...]
"""A release or version as numbers: `1.31.0` is (1, 31, 0), `1.31` is (1, 31); empty where a text is none."""

_RELEASE = regex(r"v?([0-9]{1,4})\.([0-9]{1,4})(?:\.([0-9]{1,4}))?(?:[-+].*)?")


@lru_cache(maxsize=4096)
def release_numbers(written: str) -> Numbers:
    """The numbers of a release or an image tag, Istio's or Kubernetes'; empty where it is none.

    >>> release_numbers("1.31.0-distroless"), release_numbers("v1.34"), release_numbers("latest")
    ((1, 31, 0), (1, 34), ())
    """
    found = _RELEASE.fullmatch(written)
    return tuple(int(part) for part in found.groups() if part is not None) if found else ()


def dotted(numbers: Numbers) -> str:
    """`(1, 31)` as 1.31."""
    return ".".join(str(number) for number in numbers)


def line_of(release: Release) -> Line:
    """The facts of a release's line, those of the newest known one for a newer minor. Raises Failure for any other line that is not
    known, naming those that are.
    """
    for line in LINES:
        if line.name == release.line:
            return line
    if newer_minor(release):
        return LINES[-1]
    raise Failure(f"Istio {release} is not known: the known release lines are {known_lines()}")


def parse_release(text: str) -> Release:
    """Read `1.30.3`, or `1.30` for the newest known patch of that line.

    Raises Failure where the text is no release, and for a line that is not known, unless it is a newer minor.
    """
    numbers = release_numbers(text.strip())
    if not numbers:
        raise Failure(f"`{text}` is not an Istio release: write one like {NEWEST} (known: {known_lines()})")
    release = Release(*(*numbers, 0)[:3])
    line = line_of(release)
    return release if len(numbers) > 2 or newer_minor(release) else line.newest


def known_lines() -> str:
    """The known release lines, as messages list them."""
    return ", ".join(line.name for line in LINES)


def unverified(release: Release) -> bool:
    """Whether a release is a newer patch than any that has been compared with the real injector."""
    return not newer_minor(release) and release > line_of(release).newest


def newer_minor(release: Release) -> bool:
    """Whether a release is of a newer minor than all known ones: files are checked as for the newest known."""
    return release.major == NEWEST.major and release.minor > NEWEST.minor


def only_known(release: Release) -> None:
    """Sidecars are rendered for known lines only. Raises Failure for a newer minor."""
    if newer_minor(release):
        message = f"Istio {release} is not known: the known release lines are {known_lines()}"
        raise Failure(f"{message}, and a sidecar is rendered for these only")
