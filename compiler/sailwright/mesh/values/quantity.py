"""Kubernetes quantities as exact numbers: `100m` of cpu, `128Mi` of memory."""

import re
from fractions import Fraction
from functools import cache

_QUANTITY = re.compile(r"([+-]?(?:\d+\.?\d*|\.\d+))(?:([eE][+-]?\d+)|(n|u|m|k|Ki|[MGTPE]i?))?")
_SUFFIX = {"n": Fraction(1, 10**9), "u": Fraction(1, 10**6), "m": Fraction(1, 1000), "k": Fraction(1000)}
_DECIMAL = "MGTPE"


def quantity(value: object) -> Fraction | None:
    """The number a quantity stands for (apimachinery resource.Quantity), or None where it is not one.

    >>> quantity("1500m"), quantity("128Mi"), quantity(2), quantity("lots")
    (Fraction(3, 2), Fraction(134217728, 1), Fraction(2, 1), None)
    """
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    return _parsed(str(value))


@cache
def _parsed(text: str) -> Fraction | None:
    match = _QUANTITY.fullmatch(text)
    if match is None:
        return None
    digits, exponent, suffix = match.groups()
    if exponent:
        # A bounded exponent: a stranger's `1e999999999` must not fill the memory.
        return Fraction(digits) * Fraction(10) ** int(exponent[1:]) if abs(int(exponent[1:])) <= 30 else None
    return Fraction(digits) * _scale(suffix)


def _scale(suffix: str | None) -> Fraction:
    if suffix is None:
        return Fraction(1)
    if suffix in _SUFFIX:
        return _SUFFIX[suffix]
    if suffix == "Ki":
        return Fraction(1024)
    power = _DECIMAL.index(suffix[0]) + 2
    return Fraction(1024 if suffix.endswith("i") else 1000) ** power
