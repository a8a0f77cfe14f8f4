"""A value and what was expected of it, in words: the pieces from which messages about schemas are made."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from sailwright.diagnostics.suggestions import TYPE_WORDS, listed

LIMITS = {
    "minimum": "a number of at least {}",
    "exclusiveMinimum": "a number above {}",
    "maximum": "a number of at most {}",
    "exclusiveMaximum": "a number below {}",
    "minLength": "at least {} characters",
    "maxLength": "at most {} characters",
    "minItems": "at least {} items",
    "maxItems": "at most {} items",
    "minProperties": "at least {} entries",
    "maxProperties": "at most {} entries",
    "multipleOf": "a multiple of {}",
    "format": "a {}",
    "pattern": "text that matches {}",
}
DOCUMENTED_LIMITS = {
    **LIMITS,
    "exclusiveMinimum": "a number of at least {}",
    "exclusiveMaximum": "a number of at most {}",
    "minItems": "a list of at least {}",
    "maxItems": "a list of at most {}",
}


def limited(limits: Mapping[str, str], keyword: str, limit: Any, given: Any) -> str:
    wanted = limits.get(keyword, f"something that fits the schema's `{keyword}`").format(limit)
    found = len(given) if keyword.startswith(("min", "max")) and isinstance(given, str | list | dict) else shown(given)
    return f"expected {wanted}, found {found}"


def choice(choices: list[str], given: Any) -> str:
    return f"expected {'one of ' if len(choices) > 1 else ''}{listed(choices, most=30)}, found {shown(given)}"


def types(names: Iterable[str]) -> str:
    words = [word for name, word in TYPE_WORDS.items() if name in set(names)] or ["null"]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"


def type_help(wanted: tuple[str, ...], given: Any) -> str:
    if "string" in wanted and isinstance(given, bool | int | float):
        return f"put quotes around it: without them YAML reads {shown(given)}"
    if {"integer", "number"} & set(wanted) and isinstance(given, str) and given.strip().lstrip("-").isdigit():
        return f"write it without quotes: {given.strip()}"
    return "write each item on a line of its own that begins with `- `" if wanted[:1] == ("array",) else ""


def shown(value: Any) -> str:
    """A value in a message: short, printable, and never a whole map."""
    if value is None:
        return "nothing"
    if isinstance(value, dict):
        return "a map" if value else "an empty map"
    if isinstance(value, list):
        return "a list" if value else "an empty list"
    if value == "":
        return "empty text"
    return f"`{clean(value if isinstance(value, str) else json.dumps(value))}`"


def clean(value: object) -> str:
    text = "".join(each if each.isprintable() else "?" for each in str(value))
    return text if len(text) <= 60 else text[:57] + "..."
