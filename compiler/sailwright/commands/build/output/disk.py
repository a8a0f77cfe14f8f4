"""What stands in the output folder now. Links are neither followed nor read: everything we write is a real file."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable

from sailwright.render.layout import ancestors, source_of
from sailwright.runtime.errors import Failure
from sailwright.runtime.folder import NO_LINK
from sailwright.runtime.records import dataclass

STAGING = ".sailwright-staging"
"""The folder of temporaries below the output path; what a killed build left there, the next one removes."""

_READ = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0) | NO_LINK
"""A pipe that takes a file's place meanwhile does not make us wait."""

_HEADER_LIMIT = 4096
"""Bytes read in search of our first line."""


@dataclass(frozen=True, slots=True)
class Standing:
    """The files, folders and links below the output path `root`, by relative path."""

    root: str
    files: frozenset[str]
    folders: frozenset[str]
    links: frozenset[str]
    special: frozenset[str] = frozenset()
    """Pipes, sockets and devices: never opened."""

    def read(self, path: str) -> bytes | None:
        """The bytes of a file, or None where no regular file stands."""
        return self._head(path, -1) if path in self.files else None

    def source(self, path: str) -> str | None:
        """The source named in the first line of a file, or None where the file was not written by us."""
        return source_of(self._head(path, _HEADER_LIMIT).partition(b"\n")[0])

    def refuse_obstacle(self, path: str) -> None:
        """Fail where `path` cannot become a file of ours because something else stands in the way."""
        if path in self.folders:
            raise Failure(f"{self.root}/{path}: a folder is in the place of a rendered file; move it away", 3)
        if path in self.special:
            raise Failure(
                f"{self.root}/{path}: a pipe, socket or device is where a rendered file belongs; remove it", 3
            )
        for folder in ancestors(path):
            if folder in self.special:
                raise Failure(f"{self.root}/{folder}: a pipe, socket or device is where a folder belongs; remove it", 3)
            if folder in self.links:
                raise Failure(f"{self.root}/{folder}: a link is in the place of a folder; remove it", 3)
            if folder in self.files:
                raise Failure(f"{self.root}/{folder}: a file is in the place of a folder; move it away", 3)

    def _head(self, path: str, size: int) -> bytes:
        try:
            file = os.open(f"{self.root}/{path}", _READ)
            try:
                return _read(file, size)
            finally:
                os.close(file)
        except OSError as error:
            raise Failure(f"{self.root}/{path}: {error.strerror}; sailwright must be able to read it", 3) from None


def _read(file: int, size: int) -> bytes:
    """At most `size` bytes of an open file, all of them where it is negative."""
    if size >= 0:
        return os.read(file, size)
    data = b""
    while chunk := os.read(file, max(os.fstat(file).st_size - len(data), 1)):
        data = data + chunk if data else chunk
    return data


def standing(root: str) -> Standing:
    """List the output folder; one that does not exist yet is empty."""
    files: set[str] = set()
    folders: set[str] = set()
    links: set[str] = set()
    special: set[str] = set()
    waiting = [""]
    while waiting:
        folder = waiting.pop()
        for entry in _entries(root, folder):
            path = f"{folder}{entry.name}"
            if entry.is_symlink():
                links.add(path)
            elif entry.is_file(follow_symlinks=False):
                files.add(path)
            elif not entry.is_dir(follow_symlinks=False):
                special.add(path)
            elif path != STAGING:
                folders.add(path)
                waiting.append(f"{path}/")
    return Standing(root, frozenset(files), frozenset(folders), frozenset(links), frozenset(special))


def standing_files(root: str, paths: Iterable[str]) -> Standing | None:
    """Only some files of the output folder; None where one is no regular file or lies behind a link."""
    files = frozenset(paths)
    folders = {folder for path in files for folder in ancestors(path)}
    for places, is_right in ((files, stat.S_ISREG), (folders, stat.S_ISDIR)):
        for path in places:
            try:
                if not is_right(os.lstat(f"{root}/{path}").st_mode):
                    return None
            except OSError:
                return None
    return Standing(root, files, frozenset(folders), frozenset())


def _entries(root: str, folder: str) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(f"{root}/{folder}") as entries:
            return list(entries)
    except FileNotFoundError:
        return []
    except OSError as error:
        where = f"{root}/{folder}".rstrip("/")
        raise Failure(f"{where}: {error.strerror}; the output path must be a folder sailwright can read", 3) from None
