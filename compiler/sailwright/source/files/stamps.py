"""Which files and folders have changed since they were noted: by what stat says of them, and by their bytes where that says nothing.

A stamp only saves reading. A file that changed shortly before it was noted may change again within the same tick of its clock, as
git knows of its index: such a stamp is not trusted, and the bytes are compared.
"""

from __future__ import annotations

import os
import stat
from array import array
from collections.abc import Iterable, Mapping
from itertools import chain
from operator import attrgetter

from sailwright.runtime.digests import sha256

YOUNG = 2_000_000_000
"""Nanoseconds: a file changed this shortly before it was noted may change again within one tick of its clock."""

SIZE = 32
"""Bytes of a packed stamp: date of change, of status change, size and inode, together new for a file that was written again."""

_UNTRUSTED = bytes(SIZE)
"""The stamp of nothing: what has it is looked into."""

_MASK = (1 << 63) - 1
_FIELDS = attrgetter("st_mtime_ns", "st_ctime_ns", "st_size", "st_ino")


def stamps(root: str, paths: Iterable[str], noted: int, *, folders: bool = False) -> bytes:
    """The packed stamps of paths below a folder, as of when they were `noted`, in nanoseconds: of what had changed shortly before,
    and of what is not there, one that is not to be trusted. Links to files are followed, those to folders are not.
    """
    prefix, latest = root.rstrip("/") + "/", noted - YOUNG
    found = (_stamp(prefix + path, folders=folders) for path in paths)
    return b"".join(each[0] if each is not None and each[1] < latest else _UNTRUSTED for each in found)


def _stamp(path: str | bytes, *, folders: bool) -> tuple[bytes, int] | None:
    """A packed stamp, and the later of its dates; None where nothing is there, or no folder where one is meant."""
    try:
        status = os.lstat(path) if folders else os.stat(path)
    except (OSError, ValueError):
        return None
    if folders and not stat.S_ISDIR(status.st_mode):
        return None
    fields = status.st_mtime_ns, status.st_ctime_ns, status.st_size, status.st_ino & _MASK
    return array("q", fields).tobytes(), max(fields[:2])


def stamps_now(root: str, joined: bytes, *, folders: bool = False) -> bytes:
    """The packed stamps of paths as stat has them now, however young: the paths as bytes, `joined` by NUL."""
    if not joined:
        return b""
    prefix = os.fsencode(root).rstrip(b"/") + b"/"
    paths = (prefix + joined.replace(b"\0", b"\0" + prefix)).split(b"\0")
    try:
        return array("q", chain.from_iterable(map(_FIELDS, map(os.lstat if folders else os.stat, paths)))).tobytes()
    except (OSError, ValueError, OverflowError):  # one is gone, or has a number that is out of the ordinary
        each = (_stamp(path, folders=folders) for path in paths)
        return b"".join(found[0] if found is not None else _UNTRUSTED for found in each)


def trusted(packed: bytes) -> bool:
    """Whether all of these packed stamps are to be trusted."""
    return not differing(packed, packed)


def differing(now: bytes, known: bytes) -> list[int]:
    """The numbers of the packed stamps that are not as they are known, or are known as not to be trusted."""
    places = range(0, len(known), SIZE)
    return [at // SIZE for at in places if (old := known[at : at + SIZE]) != now[at : at + SIZE] or old == _UNTRUSTED]


_TICK = 50_000_000
"""Nanoseconds that the clock of a file system may be behind that of the process."""


def folder_digests(
    root: str, folders: Iterable[str], since: int | None = None, listed: Mapping[str, bytes] | None = None
) -> dict[str, bytes] | None:
    """A digest of the names in each of these folders, and in all folders above them up to `root`, which is called `.`.

    What changed after `since`, when a run began to look into them, counts as not looked into; `listed` has digests from after that, as
    `expand` notes them. None where one is a link, or anything else that cannot be relied on: what is behind it may change without a sign here.
    """
    wanted, listed = {"."}, (listed or {}) if since is not None else {}
    for folder in folders:
        path = folder.rstrip("/")
        while path and path not in wanted:
            wanted.add(path)
            path = path.rpartition("/")[0]
    found: dict[str, bytes] = {}
    for folder in wanted:
        where = os.path.join(root, folder)
        noted = _stamp(where, folders=True)
        known = listed.get("" if folder == "." else f"{folder}/")
        names = known or names_in(where) if noted is not None else None
        if names is not None and noted is not None:
            found[folder] = b"" if since is not None and noted[1] >= since - _TICK else names
        elif os.path.lexists(where):
            return None
    return found


def names_in(path: str) -> bytes | None:
    """A digest of the names in a folder, and of what they are; None where there is none, or a link in its place."""
    try:
        if not stat.S_ISDIR(os.lstat(path).st_mode):
            return None
        with os.scandir(path) as entries:
            return digest_of_names(entries)
    except OSError:
        return None


def digest_of_names(entries: Iterable[os.DirEntry[str]]) -> bytes:
    """A digest of the names in a folder that was listed, and of what they are."""
    names = sorted((each.name, each.is_symlink(), each.is_dir(follow_symlinks=False)) for each in entries)
    return sha256(repr(names).encode("utf-8", "surrogateescape"))
