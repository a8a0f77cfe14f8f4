"""What is kept of many files or folders: a digest of each, and a stamp that saves looking into it, in pages of the store.

One page has some hundred paths in a row, so that all are compared with what stat says now in a few steps, and a change writes one page.
Which paths begin a page is seen from the path alone: the same paths are in the same pages, whatever has come and gone before.
"""

from __future__ import annotations

import os
import time
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain

from sailwright.runtime.records import dataclass
from sailwright.runtime.store import Store
from sailwright.runtime.table import Keeping, LostRow, name_of_row, number_of_row
from sailwright.source.files.stamps import SIZE, differing, stamps, stamps_now, trusted

_IN_A_PAGE = 512
"""Paths in a page, more or less."""
_DIGEST = 32
_NONE = bytes(_DIGEST)

Page = tuple[str, str, str, str]
"""The first path, and the names of three entries that are in the order of the paths: the paths, their stamps, their digests.

Entries are named by what is in them. So the name of what stat says now tells whether all stamps are the same.
"""

Suspects = list[tuple[str, bytes]]
"""Paths whose stamps do not say that they are the same, with the digests that they had."""


@dataclass(frozen=True, slots=True)
class KeptFiles:
    """The pages of one kind in the store, of paths below `root`. Every reading may raise LostRow."""

    store: Store
    kind: str
    root: str
    pages: Sequence[Page]
    folders: bool = False

    def suspects_in(self, page: Page) -> Suspects:
        """The suspects among the paths of a page."""
        _, paths, stamped, _ = page
        now = stamps_now(self.root, self._load(paths)[0], folders=self.folders)
        if name_of_row(now) == stamped:
            return []
        each = list(self._digests(page))
        return [each[place] for place in differing(now, self._load(stamped)[0])]

    def changed(
        self, look: Callable[[str], bytes | None], suspects: Suspects | None = None
    ) -> tuple[set[str], dict[str, bytes]]:
        """The paths that are not as their digests say, and those that are but had to be looked at to know it. `look` gives a digest.

        `suspects` are those of all pages, where they are known.
        """
        noted = time.time_ns()
        changed: set[str] = set()
        same: dict[str, bytes] = {}
        for path, digest in suspects_of(self)[0] if suspects is None else suspects:
            if digest and look(path) == digest:
                same[path] = digest
            else:
                changed.add(path)
        found = _by_path(same, stamps(self.root, same, noted, folders=self.folders))
        return changed, {path: digest for path, digest in same.items() if trusted(found[path])}

    def digests(self, paths: Iterable[str]) -> dict[str, bytes]:
        """The digests of those of these paths that are there."""
        wanted = frozenset(paths)
        return {path: digest for path, digest in self._digests(*self._pages_of(wanted)) if path in wanted}

    def items(self) -> Iterator[tuple[str, bytes]]:
        """Every path with its digest."""
        return self._digests(*self.pages)

    def paths(self) -> Iterator[str]:
        """Every path."""
        return self._paths(*self.pages)

    def renewed(
        self, new: Iterable[tuple[Mapping[str, bytes], int]], gone: Iterable[str], keeping: Keeping
    ) -> Sequence[Page]:
        """The pages with other digests of some paths, given with when they were noted, in nanoseconds, and without others."""
        gone = frozenset(gone)
        digests: dict[str, bytes] = {}
        packed: dict[str, bytes] = {}
        for some, noted in new:
            digests.update(some)
            packed.update(_by_path(some, stamps(self.root, some, noted, folders=self.folders)))
        touched = self._pages_of({*digests, *gone})
        stamped = _by_path(self._paths(*touched), b"".join(self._load(*(page[2] for page in touched)))) | packed
        known = dict(self._digests(*touched)) | digests
        left = {path: digest for path, digest in known.items() if path not in gone}
        made = _new_pages(self.kind, left, stamped, keeping)
        pages = sorted([page for page in self.pages if page not in touched] + made)
        names = {name for page in pages for name in page[1:]}
        keeping.gone.extend((self.kind, name) for page in touched for name in page[1:] if name not in names)
        return pages

    def _pages_of(self, paths: Iterable[str]) -> list[Page]:
        """The pages that hold these paths, or would; where it is what a page begins with, also the one before, which ends there."""
        firsts = [page[0] for page in self.pages]
        numbers: set[int] = set()
        for path in paths:
            number = max(bisect_right(firsts, path) - 1, 0)
            numbers.update((number, number - 1) if number and firsts[number] == path else (number,))
        return [page for number, page in enumerate(self.pages) if number in numbers]

    def _digests(self, *pages: Page) -> Iterator[tuple[str, bytes]]:
        """The paths of pages with their digests."""
        data = b"".join(self._load(*(page[3] for page in pages)))
        digests = (data[at : at + _DIGEST] for at in range(0, len(data), _DIGEST))
        return ((path, b"" if each == _NONE else each) for path, each in zip(self._paths(*pages), digests, strict=True))

    def _paths(self, *pages: Page) -> Iterator[str]:
        return chain.from_iterable(map(_split, self._load(*(page[1] for page in pages))))

    def _load(self, *names: str) -> list[bytes]:
        found = self.store.load_all(self.kind, names)
        if any(name not in found for name in names):
            raise LostRow
        return [found[name] for name in names]


def suspects_of(*kept: KeptFiles) -> list[Suspects]:
    """The suspects of each. All are asked for in the order of their paths: a system finds what lies in a folder sooner just after it."""
    found: list[Suspects] = [[] for _ in kept]
    pages = [(page, number) for number, each in enumerate(kept) for page in each.pages]
    with kept[0].store.held():
        for page, number in sorted(pages):
            found[number] += kept[number].suspects_in(page)
    return found


def new_pages(
    kind: str, root: str, digests: Mapping[str, bytes], noted: int, keeping: Keeping, *, folders: bool = False
) -> list[Page]:
    """The pages of files as they were `noted`, in nanoseconds; nothing else of their kind stays."""
    keeping.emptied.append(kind)
    return _new_pages(kind, digests, _by_path(digests, stamps(root, digests, noted, folders=folders)), keeping)


def _new_pages(kind: str, digests: Mapping[str, bytes], stamped: Mapping[str, bytes], keeping: Keeping) -> list[Page]:
    pages: list[list[str]] = []
    for path in sorted(digests):
        if not pages or number_of_row(path, _IN_A_PAGE) == 0:
            pages.append([])
        pages[-1].append(path)
    return [_add(kind, page, digests, stamped, keeping) for page in pages]


def _add(
    kind: str, paths: Sequence[str], digests: Mapping[str, bytes], stamped: Mapping[str, bytes], keeping: Keeping
) -> Page:
    joined = os.fsencode("\0".join(paths))
    packed = b"".join(stamped[path] for path in paths)
    digested = b"".join(digests[path] or _NONE for path in paths)
    # stamps that are not to be trusted get a name that stat never gives; digests alone do not say of which paths they are
    names = (
        name_of_row(joined),
        name_of_row(packed if trusted(packed) else packed + b"\0"),
        name_of_row(digested + joined),
    )
    keeping.entries.extend((kind, name, data) for name, data in zip(names, (joined, packed, digested), strict=True))
    return paths[0], *names


def _by_path(paths: Iterable[str], packed: bytes) -> dict[str, bytes]:
    """The packed stamp of each path."""
    return {path: packed[at : at + SIZE] for path, at in zip(paths, range(0, len(packed), SIZE), strict=True)}


def _split(joined: bytes) -> list[str]:
    return os.fsdecode(joined).split("\0")
