"""Text kept small in memory: of ten thousand rendered files nearly all wait to be compared or written."""

from __future__ import annotations

import os
import zlib
from collections.abc import Callable, Iterable
from typing import Self

from sailwright.runtime.errors import Failure
from sailwright.runtime.folder import NO_LINK
from sailwright.runtime.leftovers import temporary_name
from sailwright.runtime.records import dataclass, field


@dataclass(frozen=True, slots=True)
class Pressed:
    """Bytes that were compressed; `size` is how many they are. `like` is what they were found to be much like."""

    kept: bytes = field(repr=False)
    size: int
    like: bytes = field(default=b"", repr=False)

    def __len__(self) -> int:
        return self.size


@dataclass(frozen=True, slots=True)
class Aside:
    """Bytes that were put into an open file as they are: `size` of them from `start` on."""

    file: int
    start: int
    size: int

    def __len__(self) -> int:
        return self.size


@dataclass(frozen=True, slots=True)
class OnDisk:
    """Bytes that the file at a path was found to have."""

    path: str
    size: int

    def __len__(self) -> int:
        return self.size


Text = bytes | Pressed | Aside | OnDisk
"""Bytes as they are, pressed, put aside, or where they are anyway."""


def pressed(data: bytes) -> Pressed:
    """Press bytes quickly: rendered YAML becomes a tenth."""
    return Pressed(zlib.compress(data, 1), len(data))


def pressing(texts: Iterable[Text]) -> Callable[[bytes], Pressed]:
    """Presses these texts, or others that are much like them, by what the largest of them has: files of services become a thirtieth,
    in half the time.
    """
    like = plain(max(texts, key=len, default=b""))[-_WINDOW:]
    if not like:
        return pressed

    def press(data: bytes) -> Pressed:
        pressing = zlib.compressobj(level=3, zdict=like)
        return Pressed(pressing.compress(data) + pressing.flush(), len(data), like)

    return press


_WINDOW = 32 << 10
"""Bytes that deflate looks back (RFC 1951)."""


def plain(text: Text) -> bytes:
    """The bytes themselves. Raises Failure (status 3) where they are not in the file any more."""
    if isinstance(text, bytes):
        return text
    if isinstance(text, OnDisk):
        try:
            with open(text.path, "rb") as there:
                return there.read()
        except OSError as error:
            raise Failure(f"{text.path}: {error.strerror}: it was there a moment ago", 3) from None
    if isinstance(text, Aside):
        found = os.pread(text.file, text.size, text.start)
        if len(found) < text.size:
            raise Failure("a temporary file lost what was written to it: build again", 3)
        return found
    return zlib.decompressobj(zdict=text.like).decompress(text.kept) if text.like else zlib.decompress(text.kept)


class Spool:
    """Temporary files without a name, one per process, for texts that wait; whoever forks has opened them before.

    Where no such file can be made or written, texts stay in memory.
    """

    def __init__(self) -> None:
        self._files: list[int] = []
        self._ends: list[int] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_failure: object) -> None:
        for file in self._files:
            os.close(file)
        self._files = []

    def open(self, count: int) -> None:
        """Make the files of so many processes."""
        try:
            while hasattr(os, "pwrite") and len(self._files) < count:
                self._files.append(_unnamed())
                self._ends.append(0)
        except OSError:
            pass

    def keep(self, number: int, data: bytes) -> Text:
        """Put the bytes aside, in the file of process `number`."""
        if number >= len(self._files):
            return pressed(data)
        start = self._ends[number]
        try:
            written = os.pwrite(self._files[number], data, start)
        except OSError:
            written = 0
        if written < len(data):
            return pressed(data)
        self._ends[number] = start + written
        return Aside(self._files[number], start, written)


def _unnamed() -> int:
    path = os.path.join(os.environ.get("TMPDIR") or "/tmp", temporary_name())  # noqa: S108  # nobody can guess its name, and it has none at once
    file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_CLOEXEC", 0) | NO_LINK, 0o600)
    os.unlink(path)
    return file
