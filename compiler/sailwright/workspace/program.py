"""What tells this program from any other version of it."""

from __future__ import annotations

import hashlib
import os


def program(more: tuple[str, ...] = ()) -> bytes:
    """The stamps of all modules, schemas and templates of this program; `more` are further folders that count."""
    import sailwright
    import sailwright_templates

    found = []
    waiting = [*sailwright.__path__, *sailwright_templates.__path__, *more]
    while waiting:
        with os.scandir(waiting.pop()) as entries:
            for entry in entries:
                if not entry.is_dir():
                    status = entry.stat()
                    found.append((entry.path, status.st_mtime_ns, status.st_size))
                elif entry.name != "__pycache__":
                    waiting.append(entry.path)
    return hashlib.sha256(repr(sorted(found)).encode()).digest()
