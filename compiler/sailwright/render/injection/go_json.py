"""JSON as Go's encoding/json prints it: compact, and with `&`, `<`, `>` escaped, as in PROXY_CONFIG and the probers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from sailwright.runtime.regex import regex

_SPECIAL = regex(r"[\x00-\x1f\"\\&<>\u2028\u2029]")
_SHORT = {"\\": "\\\\", '"': '\\"', "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def dumps(value: Any) -> str:
    """The text of plain data; keys stay in the order they have. The json module would print other escapes and floats."""
    if isinstance(value, str):
        return _quoted(value)
    if isinstance(value, dict):
        return "{" + ",".join([f"{_quoted(str(key))}:{dumps(item)}" for key, item in value.items()]) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ",".join([dumps(item) for item in value]) + "]"
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    return _number(value)


def entries(texts: Mapping[str, str]) -> str:
    """The text of a map, of which each value is the text of JSON."""
    return "{" + ",".join([f"{_quoted(key)}:{text}" for key, text in texts.items()]) + "}"


@lru_cache(maxsize=1024)
def _quoted(text: str) -> str:
    return f'"{_SPECIAL.sub(_escaped, text)}"'


def _escaped(found: re.Match[str]) -> str:
    return _SHORT.get(found[0]) or f"\\u{ord(found[0]):04x}"


def _number(value: float) -> str:
    """Integers as they are; a float of 10 is `10`, one of 0.0000001 is `1e-7`."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e21:
        return str(int(value))
    return repr(value).replace("e-0", "e-")


def loads(text: str) -> Any:
    """The data of a JSON text; None where it is no JSON."""
    if not text:
        return None
    import json

    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None
