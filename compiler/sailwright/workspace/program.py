"""What tells this program from any other version of it, on whatever machine."""

from __future__ import annotations

import hashlib
import os

from sailwright.runtime.store import Store

_KIND = "program"


def program(store: Store, more: tuple[str, ...] = ()) -> bytes:
    """A digest of all modules, schemas and templates of this program; `more` are further folders that count.

    Reading them all takes longer than many a run: while their stamps are the same, the store knows the digest.
    """
    import sailwright
    import sailwright_templates

    files = sorted(_files([*sailwright.__path__, *sailwright_templates.__path__, *more]))
    stamps = hashlib.sha256(os.fsencode("\n".join([stamp for *_, stamp in files]))).hexdigest()
    known = store.load(_KIND, stamps)
    if known is None:
        whole = hashlib.sha256()
        for inside, path, _ in files:
            with open(path, "rb") as file:
                whole.update(f"{inside}\0{hashlib.sha256(file.read()).hexdigest()}\0".encode())
        known = whole.digest()
        store.keep(_KIND, stamps, known)
    return known


def _files(folders: list[str]) -> list[tuple[str, str, str]]:
    """Each file: its path from its folder, its whole path, and its stamp, which is that path with its date and size."""
    found = []
    waiting = [(folder, "") for folder in folders]
    while waiting:
        folder, inside = waiting.pop()
        with os.scandir(folder) as entries:
            for entry in entries:
                name = f"{inside}/{entry.name}"
                if not entry.is_dir():
                    status = entry.stat()
                    path = entry.path
                    found.append((name, path, f"{path} {status.st_mtime_ns} {status.st_size}"))
                elif entry.name != "__pycache__":
                    waiting.append((entry.path, name))
    return found
