"""The fields of an object by the names that expressions have for them: `a-b` is `a__dash__b`, `namespace` is `__namespace__`.

Source: https://kubernetes.io/docs/reference/using-api/cel/ (escaping).
"""

from __future__ import annotations

from typing import Any

from sailwright.runtime.regex import regex

_ESCAPES = {"__underscores__": "__", "__dot__": ".", "__dash__": "-", "__slash__": "/"}
_ESCAPE = regex("|".join(_ESCAPES))
_ESCAPED_WORD = regex(r"__([a-z]+)__")


def field(target: Any, name: str) -> str | None:
    """The field that a name means: names that are no identifiers of CEL are escaped (`a__dash__b` is a-b)."""
    if not isinstance(target, dict):
        return None
    if name in target:
        return name
    if "__" not in name:
        return None
    word = _ESCAPED_WORD.fullmatch(name)
    meant = _ESCAPE.sub(lambda found: _ESCAPES[found[0]], name)
    return next((each for each in (meant, word[1] if word else "") if each in target), None)
