"""Write a drafted tree as an author would: small maps on one line, the rest in blocks."""

from __future__ import annotations

from typing import Any

from sailwright.source.splice import inline

_WIDTH = 100


def lay_out(tree: dict[str, Any]) -> str:
    """The text of a map."""
    return "\n".join(_entries(tree, "")) + "\n"


def _entries(tree: dict[str, Any], indent: str) -> list[str]:
    lines: list[str] = []
    for key, value in tree.items():
        name = inline(key)
        line = f"{indent}{name}: {inline(value)}"
        if not isinstance(value, (dict, list)) or (_small(value) and len(line) <= _WIDTH):
            lines.append(line)
        else:
            lines.append(f"{indent}{name}:")
            lines += _entries(value, indent + "  ") if isinstance(value, dict) else _items(value, indent + "  ")
    return lines


def _items(items: list[Any], indent: str) -> list[str]:
    lines: list[str] = []
    for item in items:
        line = f"{indent}- {inline(item)}"
        if not isinstance(item, dict) or len(line) <= _WIDTH:
            lines.append(line)
        else:
            entries = _entries(item, indent + "  ")
            lines += [f"{indent}- {entries[0].lstrip()}", *entries[1:]]
    return lines


def _small(value: Any) -> bool:
    """Whether a value reads well on one line: scalars, lists of scalars, and maps no deeper than two."""
    if isinstance(value, list):
        return not any(isinstance(item, (dict, list)) for item in value)
    if isinstance(value, dict):
        return all(not isinstance(item, list) or _small(item) for item in value.values())
    return True
