"""A checkout that keeps account of what was asked of it: everything that a build depends on."""

from __future__ import annotations

from time import time_ns

from sailwright.runtime.digests import sha256
from sailwright.runtime.records import dataclass, field

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sailwright.source.files.checkout import Checkout, Unreadable


@dataclass(frozen=True, slots=True)
class Recorded:
    """The files of `inner`. `reads` has the digest of every file by path, `globs` what every pattern named.

    `recent` has the paths of the last reads, for whoever clears it first: what one service reads. `since` is when the account began, in
    nanoseconds. What is read twice counts as it was read first: then a file that changed in between is known to be another one. Folders
    are looked into once: `folders` has those of the patterns that are `walked`, as `expand` notes them.
    """

    inner: Checkout
    reads: dict[str, bytes] = field(default_factory=dict)
    globs: dict[str, tuple[str, ...]] = field(default_factory=dict)
    recent: set[str] = field(default_factory=set)
    since: int = field(default_factory=time_ns)
    walked: set[str] = field(default_factory=set)
    folders: dict[str, bytes] = field(default_factory=dict)

    @property
    def root(self) -> str:
        return self.inner.root

    def shown(self, path: str) -> str:
        return self.inner.shown(path)

    def holds(self, path: str) -> bool:
        return self.inner.holds(path)

    def read(self, path: str, limit: int) -> bytes | Unreadable:
        data = self.inner.read(path, limit)
        if "\0" in path:  # no file can have such a name, so nothing depends on the disk
            return data
        self.recent.add(path)
        self.reads.setdefault(path, digest(data) if isinstance(data, bytes) else b"")
        return data

    def glob(self, pattern: str) -> tuple[str, ...]:
        found = self.globs.get(pattern)
        if found is None:
            found = self.globs[pattern] = self._walk(pattern)
        return found

    def _walk(self, pattern: str) -> tuple[str, ...]:
        from sailwright.source.files.checkout import Disk

        if not isinstance(self.inner, Disk):
            return self.inner.glob(pattern)
        visited: dict[str, bytes] = {}
        found = self.inner.glob_noting(pattern, visited)
        if visited:
            self.walked.add(pattern)
            self.folders.update(
                {folder: names for folder, names in visited.items() if names or folder not in self.folders}
            )
        return found


def digest(data: bytes) -> bytes:
    """What tells two texts apart."""
    return sha256(data)
