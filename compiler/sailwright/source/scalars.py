"""What a plain scalar means. service.yaml is YAML 1.2; Kubernetes manifests are read as kubectl reads them.

Sources: YAML 1.2.2 section 10.3.2 (core schema) for `service`; the resolver of go-yaml v2, which sigs.k8s.io/yaml and so
kubectl use, for `manifest`: `on` and `y` are true, `010` is eight, `1_000` a thousand, a date is text.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Literal

from sailwright.runtime.regex import regex

Dialect = Literal["service", "manifest"]
Scalar = str | int | float | bool | None

_NULLS = frozenset(("", "~", "null", "Null", "NULL"))
_TRUE = frozenset(("true", "True", "TRUE"))
_FALSE = frozenset(("false", "False", "FALSE"))
_GO_TRUE = _TRUE | {"y", "Y", "yes", "Yes", "YES", "on", "On", "ON"}
_GO_FALSE = _FALSE | {"n", "N", "no", "No", "NO", "off", "Off", "OFF"}
WORDS = _NULLS | _GO_TRUE | _GO_FALSE
"""The plain scalars beginning with a letter that one dialect or another does not read as text."""
_SPECIAL_FLOATS = {
    sign + word: float(sign + word[1:])
    for sign in ("", "+", "-")
    for word in (".inf", ".Inf", ".INF", ".nan", ".NaN", ".NAN")
    if not (sign and word[1:2].lower() == "n")
}
_FLOAT = regex(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_INTEGER = regex(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_GO_INTEGER = regex(r"([-+]?)(0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO][0-7]+|0[0-7]*|[1-9][0-9]*)")
_LONGEST_NUMBER = 400
"""Characters. A longer run of digits is text: no field takes such a number, and Python would refuse to convert it."""


@lru_cache(maxsize=4096)
def _core(text: str) -> Scalar:
    if text in _NULLS:
        return None
    if text in _TRUE:
        return True
    if text in _FALSE:
        return False
    if len(text) > _LONGEST_NUMBER:
        return text
    if _INTEGER.fullmatch(text):
        number = int(text, 0) if text[:2] in ("0o", "0x") else int(text)
        return number if _is_whole(number) else float(text) if _FLOAT.fullmatch(text) else text
    if _FLOAT.fullmatch(text):
        return float(text)
    return _SPECIAL_FLOATS.get(text, text)


@lru_cache(maxsize=4096)
def _kubectl(text: str) -> Scalar:
    if text in _NULLS:
        return None
    if text in _GO_TRUE:
        return True
    if text in _GO_FALSE:
        return False
    if text[0] not in "+-.0123456789" or len(text) > _LONGEST_NUMBER:
        return text
    plain = text.replace("_", "")
    if found := _GO_INTEGER.fullmatch(plain):
        sign, digits = found.groups()
        octal = len(digits) > 1 and digits[0] == "0" and digits[1].isdigit()
        number = int(digits, 8) if octal else int(digits, 0)
        number = -number if sign == "-" else number
        if _is_whole(number):
            return number
    if _FLOAT.fullmatch(plain):
        return float(plain)
    return _SPECIAL_FLOATS.get(text, text)


def _is_whole(number: int) -> bool:
    """Whether 64 bits hold a number; kubectl reads any other as a float, and so do service files, which become manifests."""
    return -(2**63) <= number < 2**64


def resolver(dialect: Dialect) -> Callable[[str], Scalar]:
    """The function that gives a plain (unquoted) scalar its value."""
    return _core if dialect == "service" else _kubectl


def ambiguous(text: str) -> bool:
    """Whether an unquoted `text` would be anything but this string to YAML 1.1, YAML 1.2 or kustomize's reader."""
    return (
        not isinstance(_core(text), str)
        or not isinstance(_kubectl(text), str)
        or bool(_YAML_1_1_ONLY.fullmatch(text))
        or text in ("<<", "=")
    )


_YAML_1_1_ONLY = regex(
    r"[-+]?0b[01_]+|[-+]?0[0-7_]+|[-+]?0x[0-9a-fA-F_]+|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?"
    r"|[-+]?(?:[0-9][0-9_]*)?\.[0-9_]*(?:[eE][-+]?[0-9]+)?|[-+]?[0-9][0-9_]*"
    r"|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt ].*)?"
)
"""Binary, octal, sexagesimal and underscored numbers, and timestamps: https://yaml.org/type/."""
