"""Reading a tree that may hold anything: each function gives an empty value where the shape is not the expected one.

Whether the shape is right is the business of `validate`; a rule about the mesh goes on with what there is.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sailwright.diagnostics.finding import Path


def mapping(value: object) -> dict[str, Any]:
    """The value if it is a mapping, else an empty one."""
    return value if isinstance(value, dict) else {}


def items(value: object) -> list[Any]:
    """The value if it is a list, else an empty one."""
    return value if isinstance(value, list) else []


def text(value: object) -> str:
    """The value if it is text, else empty text."""
    return value if isinstance(value, str) else ""


def texts(value: object) -> list[str]:
    """The texts of a list."""
    return [item for item in items(value) if isinstance(item, str)]


def number(value: object) -> int:
    """The value if it is a whole number, else 0 (as protobuf and Go give it)."""
    if isinstance(value, bool):
        return 0
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value if isinstance(value, int) else 0


def labels(value: object) -> dict[str, str]:
    """A map of text to text; other values are written as text, as they would reach the API server quoted."""
    return {key: item if isinstance(item, str) else _scalar(item) for key, item in mapping(value).items()}


def text_entries(value: object) -> dict[str, str]:
    """The entries of a map whose values are texts; the others are left out."""
    return {key: item for key, item in mapping(value).items() if isinstance(item, str)}


def same(one: object, other: object) -> bool:
    """Whether two values say the same: `1`, `1.0` and `true` do not, which are equal in Python."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(value, other[key]) for key, value in one.items())
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    kinds = [(isinstance(each, bool), isinstance(each, float)) for each in (one, other)]
    return one == other and kinds[0] == kinds[1]


def get(value: object, *keys: str) -> Any:
    """The value below `keys`, None where any of them is missing."""
    for key in keys:
        if not isinstance(value, dict):
            return None
        value = value.get(key)
    return value


def entries(value: object, path: Path) -> Iterator[tuple[Path, dict[str, Any]]]:
    """The mappings of a list, each with its path; `path` is that of the list."""
    if isinstance(value, list):
        for index, item in enumerate(value):
            if isinstance(item, dict):
                yield (*path, index), item


def strings(value: object, path: Path = ()) -> Iterator[tuple[Path, str]]:
    """Every text inside a tree, each with its path."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from strings(item, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from strings(item, (*path, index))


def _scalar(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
