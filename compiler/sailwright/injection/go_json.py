"""JSON as Go's encoding/json prints it: compact, and with `&`, `<`, `>` escaped, as in PROXY_CONFIG and the probers."""

from __future__ import annotations

import json
from typing import Any

_ESCAPED = str.maketrans({character: f"\\u{ord(character):04x}" for character in "&<>\u2028\u2029"})


def dumps(value: Any) -> str:
    """The text of plain data; keys stay in the order they have."""
    return json.dumps(_go_numbers(value), ensure_ascii=False, separators=(",", ":")).translate(_ESCAPED)


def _go_numbers(value: Any) -> Any:
    """Go prints the float 10 as `10`; Python would print `10.0`."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e21:
        return int(value)
    if isinstance(value, dict):
        return {key: _go_numbers(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_go_numbers(item) for item in value]
    return value


def loads(text: str) -> Any:
    """The data of a JSON text; None where it is no JSON."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None
