"""What differs between two trees of plain data, leaf by leaf, in one line each."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

_LONGEST = 60
"""Characters of a value that a line shows."""


def differences(before: Any, after: Any, path: str = "") -> Iterator[str]:
    """Lines such as `outlierDetection.interval 10s -> 30s`; lists whose items have names are compared by name."""
    if isinstance(before, dict) and isinstance(after, dict):
        for key in (*before, *(key for key in after if key not in before)):
            yield from differences(before.get(key), after.get(key), f"{path}.{key}" if path else str(key))
    elif _named(before) and _named(after):
        yield from differences(_by_name(before), _by_name(after), path)
    elif before != after:
        yield f"{path} {shown(before)} -> {shown(after)}".strip()


def shown(value: Any) -> str:
    """A value on one line: text as it is, collections in flow style, `none` for nothing, cut where it is long."""
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        text = "{" + ", ".join(f"{key}: {shown(item)}" for key, item in value.items()) + "}"
    elif isinstance(value, (list, tuple)):
        text = "[" + ", ".join(shown(item) for item in value) + "]"
    else:
        text = " ".join(str(value).split()) or '""'
    return text if len(text) <= _LONGEST else text[: _LONGEST - 3] + "..."


def _named(value: Any) -> bool:
    return isinstance(value, (list, tuple)) and all(isinstance(item, dict) and "name" in item for item in value)


def _by_name(items: Any) -> dict[str, Any]:
    return {str(item["name"]): {key: entry for key, entry in item.items() if key != "name"} for item in items}
