"""Edits of a YAML document: what is to be different, not how. splice.py makes them in a file."""

from __future__ import annotations

from typing import Any

from sailwright.diagnostics.finding import Path
from sailwright.runtime.records import dataclass


@dataclass(frozen=True, slots=True)
class Set:
    """Write `value` at `path`; a missing last key is added."""

    path: Path
    value: Any


@dataclass(frozen=True, slots=True)
class Add:
    """Write `value` at `path`, where nothing is yet, as the last entry of its map or list (the list's length is its index)."""

    path: Path
    value: Any


@dataclass(frozen=True, slots=True)
class Remove:
    """Take the key or list item at `path` out."""

    path: Path


@dataclass(frozen=True, slots=True)
class Rename:
    """Give the key at `path` another name, in its old place."""

    path: Path
    name: str


Edit = Set | Add | Remove | Rename


def apply_edit(root: Any, edit: Edit) -> bool:
    """Make the same edit on plain data: what the file must mean afterwards. False where the data has no such place."""
    from copy import deepcopy

    *way, last = edit.path
    here = root
    try:
        for key in way:
            here = here[key]
        if isinstance(edit, Set):
            here[last] = deepcopy(edit.value)
        elif isinstance(edit, Add) and isinstance(here, list):
            here.append(deepcopy(edit.value))
            return last == len(here) - 1
        elif isinstance(edit, Add):
            here[last] = deepcopy(edit.value)
        elif isinstance(edit, Remove):
            del here[last]
        else:
            here[edit.name] = here.pop(last)
    except (KeyError, IndexError, TypeError):
        return False
    return True
