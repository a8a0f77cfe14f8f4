"""Path patterns of sailwright.yaml and service.yaml: `*` and `?` within a name, `**` for any number of folders.

Names that begin with a dot are met only by patterns that write the dot, as in a shell.
"""

from __future__ import annotations

import errno
import os
import re
import stat
from collections.abc import Iterator
from functools import cache

from sailwright.runtime.errors import Failure
from sailwright.runtime.records import dataclass
from sailwright.source.files.discovery import PROJECT_FILE
from sailwright.source.files.stamps import digest_of_names


@cache
def compiled(pattern: str, *, hidden: bool = False) -> re.Pattern[str]:
    """The pattern as a regular expression for whole paths. `services/**` means every file below services.

    With `hidden` the wildcards meet names that begin with a dot, too.
    """
    parts: list[str] = []
    segments = pattern.removeprefix("./").split("/")
    name = r"[^/]+" if hidden else r"[^./][^/]*"
    for number, segment in enumerate(segments):
        last = number == len(segments) - 1
        if segment == "**":
            parts.append(rf"(?:{name}/)*" + (name if last else ""))
        else:
            parts.append(_segment(segment, hidden=hidden) + ("" if last else "/"))
    return re.compile("".join(parts))


def matches(pattern: str, path: str) -> bool:
    """Whether a pattern names this path."""
    return compiled(pattern).fullmatch(path) is not None


def fixed_folder(pattern: str) -> str:
    """The folder that a pattern names before its first wildcard: `""`, or a path that ends in `/`."""
    head = re.split(r"[*?]", pattern, maxsplit=1)[0]
    return head[: head.rfind("/") + 1]


def expand(root: str, pattern: str, visited: dict[str, bytes] | None = None) -> Iterator[str]:
    """What a pattern names below `root` and is no folder: what is no readable file either is for the reader to refuse.

    Folders of other projects are not entered, nor links to folders by `**`. `visited` gathers the folders on whose entries the
    result depends, each with the digest of the names in it where it was listed, else empty; it may hold some that are not there.
    """
    yield from _expand(_Walk(root, visited), "", pattern.removeprefix("./").split("/"))


@dataclass(frozen=True, slots=True)
class _Walk:
    """The folder where patterns start, and the folders whose entries were looked at."""

    root: str
    visited: dict[str, bytes] | None

    def depends_on(self, folder: str) -> None:
        """Note a folder whose entries count."""
        if self.visited is not None:
            self.visited.setdefault(folder, b"")

    def entries(self, folder: str) -> list[os.DirEntry[str]]:
        """What is in a folder, by name; nothing where there is none. Raises Failure (status 3) where it cannot be listed."""
        try:
            with os.scandir(os.path.join(self.root, folder)) as entries:
                found = sorted(entries, key=lambda entry: entry.name)
        except OSError as error:
            if error.errno in _NOTHING:
                return []
            # what is in it would look as if it had been removed
            raise Failure(f"{os.path.join(self.root, folder) or '.'}: cannot be listed: {error.strerror}", 3) from None
        if self.visited is not None:
            self.visited[folder] = digest_of_names(found)
        return found


def _segment(segment: str, *, hidden: bool = False) -> str:
    """One name: the wildcards keep off a leading dot."""
    guard = r"(?!\.)" if segment[:1] in "*?[" and not hidden else ""
    return guard + "".join({"*": "[^/]*", "?": "[^/]"}.get(character) or re.escape(character) for character in segment)


def _expand(walk: _Walk, folder: str, segments: list[str]) -> Iterator[str]:
    segment, rest = segments[0], segments[1:]
    walk.depends_on(folder)
    if segment == "**":
        yield from _any_depth(walk, folder, rest)
    elif "*" in segment or "?" in segment:
        wanted = re.compile(_segment(segment))
        for entry in walk.entries(folder):
            if wanted.fullmatch(entry.name):
                yield from _descend(walk, folder + entry.name, entry, rest)
    elif rest:
        yield from _expand(walk, f"{folder}{segment}/", rest)
    elif _is_no_folder(os.path.join(walk.root, folder, segment)):
        yield folder + segment


def _descend(walk: _Walk, path: str, entry: os.DirEntry[str], rest: list[str]) -> Iterator[str]:
    if not rest:
        if not _is_folder(entry):
            yield path
    elif _is_folder(entry) and not _is_project(walk, path, entry):
        yield from _expand(walk, f"{path}/", rest)


def _any_depth(walk: _Walk, folder: str, rest: list[str]) -> Iterator[str]:
    """`**`: the rest of the pattern here and in every folder below."""
    walk.depends_on(folder)
    if rest:
        yield from _expand(walk, folder, rest)
    for entry in walk.entries(folder):
        if entry.name.startswith("."):
            continue
        if entry.is_dir(follow_symlinks=False):
            if not _is_project(walk, folder + entry.name, entry):
                yield from _any_depth(walk, f"{folder}{entry.name}/", rest)
        elif not rest:
            yield folder + entry.name


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link to itself, or into a folder that is not ours to read
        return False


def _is_project(walk: _Walk, path: str, entry: os.DirEntry[str]) -> bool:
    walk.depends_on(f"{path}/")
    return os.path.exists(os.path.join(entry.path, PROJECT_FILE))


def _is_no_folder(path: str) -> bool:
    """Whether there is something at a path that is no folder, or something that may not be looked at."""
    try:
        return not stat.S_ISDIR(os.stat(path).st_mode)
    except OSError as error:
        return os.path.lexists(path) if error.errno in _NOTHING else True
    except ValueError:  # a NUL
        return False


_NOTHING = (errno.ENOENT, errno.ENOTDIR, errno.ELOOP, errno.ENAMETOOLONG, errno.EINVAL)
"""Errors that say that there is no such folder or file."""
