"""Other programs come from the absolute folders of PATH, never from the folder that we happen to be in."""

from __future__ import annotations

import os


def find_program(name: str) -> str | None:
    """The path of a program on PATH; None where there is none."""
    import shutil

    return shutil.which(name, path=absolute_path())


def absolute_path() -> str:
    """PATH without its relative entries: an empty one, or `.`, means the folder at hand, which may be a stranger's."""
    entries = os.environ.get("PATH", os.defpath).split(os.pathsep)
    return os.pathsep.join(entry for entry in entries if os.path.isabs(entry))
