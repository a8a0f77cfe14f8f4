"""What is kept of many files or folders: a digest of each, and a stamp that saves looking into it, in pages of the store.

One page has some hundred paths, so that all are compared with what stat says now in a few steps, and a change writes one page.
"""

from __future__ import annotations

import marshal
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from sailwright.runtime.records import dataclass, field
from sailwright.runtime.store import Store
from sailwright.runtime.table import Keeping, LostRow, name_of_row, number_of_row
from sailwright.source.files.stamps import SIZE, differing, stamps

_IN_A_PAGE = 512
_DIGEST = 32
_NONE = bytes(_DIGEST)

Page = tuple[str, str]
"""The names of two entries: paths with their stamps, and their digests in the same order."""


@dataclass(frozen=True, slots=True)
class KeptFiles:
    """The pages of one kind in the store, of paths below `root`. Every reading may raise LostRow. `seen` has what was read."""

    store: Store
    kind: str
    root: str
    pages: Sequence[Page]
    folders: bool = False
    seen: dict[str, bytes] = field(default_factory=dict, repr=False)

    def suspects(self) -> dict[int, list[tuple[str, bytes]]]:
        """The paths whose stamps do not say that they are the same, with the digests they had, by the number of their page."""
        self._read([stamped for stamped, _ in self.pages])
        found = {
            number: places
            for number, (stamped, _) in enumerate(self.pages)
            if (places := differing(self.root, *self._stamped(stamped), folders=self.folders))
        }
        self._read([self.pages[number][1] for number in found])
        suspects = {}
        for number, places in found.items():
            each = self._page(number)
            suspects[number] = [each[place] for place in places]
        return suspects

    def changed(self, look: Callable[[str], bytes | None]) -> tuple[set[str], dict[str, bytes]]:
        """The paths that are not as their digests say, and those that are but had to be looked at to know it. `look` gives a digest."""
        noted = time.time_ns()
        changed: set[str] = set()
        same: dict[str, bytes] = {}
        for suspects in self.suspects().values():
            for path, digest in suspects:
                if digest and look(path) == digest:
                    same[path] = digest
                else:
                    changed.add(path)
        trusted = _by_path(same, stamps(self.root, same, noted, folders=self.folders))
        return changed, {path: digest for path, digest in same.items() if any(trusted[path])}

    def digests(self, paths: Iterable[str]) -> dict[str, bytes]:
        """The digests of those of these paths that are there."""
        wanted: dict[int, list[str]] = {}
        for path in paths:
            wanted.setdefault(number_of_row(path, len(self.pages)), []).append(path)
        found = {}
        for number, names in wanted.items():
            page = dict(self._page(number))
            found.update({name: page[name] for name in names if name in page})
        return found

    def items(self) -> Iterator[tuple[str, bytes]]:
        """Every path with its digest."""
        self._read([name for page in self.pages for name in page])
        for number in range(len(self.pages)):
            yield from self._page(number)

    def paths(self) -> Iterator[str]:
        """Every path."""
        self._read([stamped for stamped, _ in self.pages])
        for stamped, _ in self.pages:
            yield from _split(self._stamped(stamped)[0])

    def renewed(
        self, new: Iterable[tuple[Mapping[str, bytes], int]], gone: Iterable[str], keeping: Keeping
    ) -> Sequence[Page]:
        """The pages with other digests of some paths, given with when they were noted, in nanoseconds, and without others."""
        gone, pages = frozenset(gone), list(self.pages)
        digests: dict[str, bytes] = {}
        packed: dict[str, bytes] = {}
        for some, noted in new:
            digests.update(some)
            packed.update(_by_path(some, stamps(self.root, some, noted, folders=self.folders)))
        for number in {number_of_row(path, len(pages)) for path in (*digests, *gone)}:
            own = {path: each for path, each in digests.items() if number_of_row(path, len(pages)) == number}
            known = {path: each for path, each in (dict(self._page(number)) | own).items() if path not in gone}
            stamped = _by_path(_split(self._stamped(pages[number][0])[0]), self._stamped(pages[number][0])[1]) | packed
            pages[number] = _add(self.kind, known, b"".join(stamped[path] for path in sorted(known)), keeping)
        names = frozenset(name for page in pages for name in page)
        keeping.gone.extend((self.kind, name) for page in self.pages for name in page if name not in names)
        return pages

    def _stamped(self, name: str) -> tuple[str, bytes]:
        self._read((name,))
        joined, packed = marshal.loads(self.seen[name])  # noqa: S302  # sealed: this user's own program wrote it
        return joined, packed

    def _page(self, number: int) -> list[tuple[str, bytes]]:
        stamped, digested = self.pages[number]
        self._read((stamped, digested))
        data = self.seen[digested]
        digests = (data[at : at + _DIGEST] for at in range(0, len(data), _DIGEST))
        paths = _split(self._stamped(stamped)[0])
        return [(path, b"" if each == _NONE else each) for path, each in zip(paths, digests, strict=True)]

    def _read(self, names: Iterable[str]) -> None:
        missing = [name for name in dict.fromkeys(names) if name not in self.seen]
        if missing:
            self.seen.update(self.store.load_all(self.kind, missing))
        if any(name not in self.seen for name in missing):
            raise LostRow


def new_pages(
    kind: str, root: str, digests: Mapping[str, bytes], noted: int, keeping: Keeping, *, folders: bool = False
) -> list[Page]:
    """The pages of files as they were `noted`, in nanoseconds; nothing else of their kind stays."""
    count = len(digests) // _IN_A_PAGE + 1
    pages: list[list[str]] = [[] for _ in range(count)]
    for path in sorted(digests):
        pages[number_of_row(path, count)].append(path)
    keeping.emptied.append(kind)
    return [
        _add(kind, {path: digests[path] for path in page}, stamps(root, page, noted, folders=folders), keeping)
        for page in pages
    ]


def _add(kind: str, digests: Mapping[str, bytes], packed: bytes, keeping: Keeping) -> Page:
    """`packed` are the stamps of the paths in order."""
    paths = sorted(digests)
    stamped = marshal.dumps(("\0".join(paths), packed), 2)
    digested = b"".join(digests[path] or _NONE for path in paths)
    # an entry is named by what is in it: digests alone do not say of which paths they are, so the names go into it
    page = name_of_row(stamped), name_of_row(b"\0".join((digested, *(_bytes(path) for path in paths))))
    keeping.entries.extend(((kind, page[0], stamped), (kind, page[1], digested)))
    return page


def _by_path(paths: Iterable[str], packed: bytes) -> dict[str, bytes]:
    """The packed stamp of each path."""
    return {path: packed[at : at + SIZE] for path, at in zip(paths, range(0, len(packed), SIZE), strict=True)}


def _bytes(path: str) -> bytes:
    """A path as bytes, whatever is in it."""
    return path.encode("utf-8", "surrogateescape")


def _split(joined: str) -> list[str]:
    return joined.split("\0") if joined else []
