"""What tells this program from any other version of it, on whatever machine."""

from __future__ import annotations

import marshal
import os
import time
from functools import cache as once

from sailwright.runtime.digests import blake2b, sha256
from sailwright.runtime.store import Store
from sailwright.source.files.stamps import stamps, stamps_now, trusted

_KIND = "program"

Stamped = tuple[str, bytes, str, bytes]
"""The files in a folder and below, joined by NUL, with their stamps, and the folders with theirs."""


def program(store: Store, more: tuple[str, ...] = ()) -> bytes:
    """A digest of all modules, schemas and templates of this program; `more` are further folders that count."""
    import sailwright
    import sailwright_templates

    folders = (*sailwright.__path__, *sailwright_templates.__path__, *more)
    return sha256(b"".join(_digest(store, folder) for folder in folders))


@once
def _digest(store: Store, folder: str) -> bytes:
    """The digest of all files of a folder: their paths in it, and what is in them.

    Reading them all takes longer than many a run: while their stamps are the same, the store knows the digest.
    """
    name = blake2b(os.fsencode(folder), digest_size=16).hexdigest()
    known = store.load_mapping(_KIND, name)
    if known and _same(folder, known["stamped"]):
        found: bytes = known["digest"]
        return found
    stamped = _stamped(folder, time.time_ns())
    found = _whole(folder, stamped[0])
    store.keep(_KIND, name, marshal.dumps({"stamped": stamped, "digest": found}))
    return found


def _same(root: str, stamped: Stamped) -> bool:
    """Whether nothing in a folder is another, there or gone."""
    files, of_files, folders, of_folders = stamped
    return (
        trusted(of_files + of_folders)
        and stamps_now(root, os.fsencode(folders), folders=True) == of_folders
        and stamps_now(root, os.fsencode(files)) == of_files
    )


def _stamped(root: str, noted: int) -> Stamped:
    files: list[str] = []
    folders = [""]
    for folder in folders:  # which grows meanwhile
        with os.scandir(os.path.join(root, folder)) as entries:
            for entry in entries:
                if not entry.is_dir():
                    files.append(folder + entry.name)
                elif entry.name != "__pycache__":
                    folders.append(f"{folder}{entry.name}/")
    files.sort()
    of_folders = stamps(root, folders, noted, folders=True)
    return "\0".join(files), stamps(root, files, noted), "\0".join(folders), of_folders


def _whole(root: str, files: str) -> bytes:
    whole = blake2b(digest_size=32)
    for name in files.split("\0"):
        file = os.open(f"{root}/{name}", os.O_RDONLY)
        try:
            data = os.read(file, _MOST)
            while more := os.read(file, _MOST):
                data += more
        finally:
            os.close(file)
        whole.update(os.fsencode(f"{name}\0{len(data)}\0"))
        whole.update(data)
    return whole.digest()


_MOST = 1 << 16
"""Bytes that are read at once: more than nearly every file has."""
