"""Kubernetes quantities as Go's resource.Quantity reads and prints them: `2000m` is `2`, `1024Mi` is `1Gi`."""

from __future__ import annotations

import re
from fractions import Fraction

_SHAPE = re.compile(r"([+-]?)([0-9]+(?:\.[0-9]*)?|\.[0-9]+)(Ki|Mi|Gi|Ti|Pi|Ei|n|u|m|k|M|G|T|P|E|[eE][+-]?[0-9]+)?")
_BINARY = ("", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei")
_DECIMAL = {"n": -9, "u": -6, "m": -3, "": 0, "k": 3, "M": 6, "G": 9, "T": 12, "P": 15, "E": 18}
_LARGEST_EXPONENT = 30
"""Beyond this no resource is meant, and a stranger's `1e999999999` must not fill the memory."""


def is_quantity(text: str) -> bool:
    """Whether Go's ParseQuantity takes the text."""
    return _SHAPE.fullmatch(text) is not None


def canonical(value: object) -> str | None:
    """The form Kubernetes stores and prints, or None where the value is no quantity.

    >>> canonical("2000m"), canonical("1024Mi"), canonical("0.5"), canonical("1e3"), canonical("1.5Gi")
    ('2', '1Gi', '500m', '1e3', '1536Mi')
    """
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return None
    found = _SHAPE.fullmatch(str(value))
    if found is None:
        return None
    sign, digits, suffix = found.groups()
    number = Fraction(digits) * (-1 if sign == "-" else 1)
    if suffix and suffix[0] in "eE" and len(suffix) > 1:
        exponent = int(suffix[1:])
        return _exponential(number, exponent) if abs(exponent) <= _LARGEST_EXPONENT else str(value)
    if suffix and suffix.endswith("i"):
        return _binary(number * 1024 ** _BINARY.index(suffix))
    return _decimal(number, _DECIMAL[suffix or ""])


def _binary(number: Fraction) -> str:
    """The largest binary suffix that leaves an integer; below 1024, or with a fraction, decimal suffixes."""
    if number.denominator != 1 or abs(number) < 1024:
        return _decimal(number, 0)
    whole, power = int(number), 0
    while whole % 1024 == 0 and power < len(_BINARY) - 1:
        whole, power = whole // 1024, power + 1
    return f"{whole}{_BINARY[power]}"


def _decimal(number: Fraction, exponent: int) -> str:
    mantissa, power = _thousands(number, exponent)
    suffix = next(name for name, value in _DECIMAL.items() if value == power)
    return f"{mantissa}{suffix}"


def _exponential(number: Fraction, exponent: int) -> str:
    mantissa, power = _thousands(number, exponent)
    return f"{mantissa}e{power}" if power else str(mantissa)


def _thousands(number: Fraction, exponent: int) -> tuple[int, int]:
    """An integer and a power of ten that is a multiple of three; what is finer than a nano is rounded up, as in Go."""
    nanos = number * Fraction(10) ** (exponent + 9)
    mantissa = -(-nanos.numerator // nanos.denominator) if nanos >= 0 else nanos.numerator // nanos.denominator
    power = -9
    while mantissa and mantissa % 1000 == 0 and power < 18:
        mantissa, power = mantissa // 1000, power + 3
    return (mantissa, power) if mantissa else (0, 0)
