"""Kubernetes quantities as Go's resource.Quantity reads and prints them: `2000m` is `2`, `1024Mi` is `1Gi`."""

from __future__ import annotations

import re

_SHAPE = re.compile(r"([+-]?)([0-9]*)(?:\.([0-9]*))?(Ki|Mi|Gi|Ti|Pi|Ei|n|u|m|k|M|G|T|P|E|[eE][+-]?[0-9]+)?")
_BINARY = ("", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei")
_DECIMAL = {"n": -9, "u": -6, "m": -3, "": 0, "k": 3, "M": 6, "G": 9, "T": 12, "P": 15, "E": 18}
_BY_POWER = {power: suffix for suffix, power in _DECIMAL.items()}
_FINEST = -9
_LONGEST = 60
"""Characters of a number, and the largest exponent: more is no resource, and must not fill the memory."""


def is_quantity(text: str) -> bool:
    """Whether Go's ParseQuantity takes the text."""
    found = _SHAPE.fullmatch(text)
    return found is not None and bool(found[2] or found[3])


def canonical(value: object) -> str | None:
    """The form in which Kubernetes stores and prints a quantity, or None where the value is none.

    >>> canonical("2000m"), canonical("1024Mi"), canonical("0.5"), canonical("1.5Gi"), canonical("lots")
    ('2', '1Gi', '500m', '1536Mi', None)
    """
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return None
    text = str(value)
    if not is_quantity(text):
        return None
    sign, whole, fraction, suffix = (part or "" for part in _SHAPE.fullmatch(text).groups())  # type: ignore[union-attr]
    exponential = len(suffix) > 1 and suffix[0] in "eE" and suffix != "Ei"
    if len(text) > _LONGEST or (exponential and abs(int(suffix[1:])) > _LONGEST):
        return text
    mantissa, scale = int(f"{sign}{whole or '0'}{fraction}"), len(fraction)
    if suffix.endswith("i"):
        return _binary(mantissa * 1024 ** _BINARY.index(suffix), scale)
    power, exponent = _thousands(mantissa, (int(suffix[1:]) if exponential else _DECIMAL[suffix]) - scale)
    if exponential:
        return f"{power}e{exponent}" if exponent else str(power)
    return f"{power}{_BY_POWER[exponent]}"


def _binary(mantissa: int, scale: int) -> str:
    """The largest binary suffix that leaves an integer; below 1024, or with a fraction, the decimal ones."""
    number, rest = divmod(mantissa, 10**scale)
    if rest or abs(number) < 1024:
        power, exponent = _thousands(mantissa, -scale)
        return f"{power}{_BY_POWER[exponent]}"
    index = 0
    while number % 1024 == 0 and index < len(_BINARY) - 1:
        number, index = number // 1024, index + 1
    return f"{number}{_BINARY[index]}"


def _thousands(mantissa: int, exponent: int) -> tuple[int, int]:
    """An integer and a power of ten that has a suffix; what is finer than a nano is rounded up, as in Go."""
    if exponent < _FINEST:
        mantissa, exponent = -(-mantissa // 10 ** (_FINEST - exponent)), _FINEST
    mantissa, exponent = mantissa * 10 ** (exponent % 3), exponent - exponent % 3
    while mantissa and mantissa % 1000 == 0 and exponent < max(_BY_POWER):
        mantissa, exponent = mantissa // 1000, exponent + 3
    over = max(exponent - max(_BY_POWER), 0)
    return (mantissa * 10**over, exponent - over) if mantissa else (0, 0)
