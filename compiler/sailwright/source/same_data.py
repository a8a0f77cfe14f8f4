"""Whether two trees of plain data are the same to a reader of YAML."""

from __future__ import annotations

from typing import Any


def same_data(one: Any, other: Any) -> bool:
    """Equality that tells true from 1, takes a tuple for a list, and a NaN for itself. The order of keys does not count."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, dict):
        return (
            isinstance(other, dict)
            and one.keys() == other.keys()
            and all(same_data(item, other[key]) for key, item in one.items())
        )
    if isinstance(one, list | tuple):
        return isinstance(other, list | tuple) and len(one) == len(other) and all(map(same_data, one, other))
    return bool(one == other or (one != one and other != other))
