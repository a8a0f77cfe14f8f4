"""Kubernetes quantities, as Go's resource.Quantity reads and prints them: `100m` of cpu, `128Mi` of memory; `2000m` is `2`."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import TYPE_CHECKING, Final

from sailwright.runtime.records import dataclass
from sailwright.runtime.regex import regex

if TYPE_CHECKING:
    from fractions import Fraction

_SHAPE = regex(r"([+-]?)([0-9]*)(?:\.([0-9]*))?(Ki|Mi|Gi|Ti|Pi|Ei|n|u|m|k|M|G|T|P|E|[eE][+-]?[0-9]+)?")
_BINARY = ("", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei")
_DECIMAL = {"n": -9, "u": -6, "m": -3, "": 0, "k": 3, "M": 6, "G": 9, "T": 12, "P": 15, "E": 18}
_BY_POWER = {power: suffix for suffix, power in _DECIMAL.items()}
_FINEST: Final = -9
_MOST: Final = 2**63 - 1
"""What a quantity with a binary suffix is cut to."""
_LONGEST: Final = 60
"""Characters of a number, and the largest exponent: more is no resource, and must not fill the memory."""


@dataclass(frozen=True, slots=True)
class _Parts:
    """`mantissa` times ten to the power of `exponent`; `form` is how the suffix is printed: binary, decimal or e."""

    mantissa: int
    exponent: int
    form: str


def is_quantity(text: str) -> bool:
    """Whether Go's ParseQuantity takes the text."""
    found = _SHAPE.fullmatch(text)
    return found is not None and bool(found[2] or found[3])


def quantity(value: object) -> Fraction | None:
    """The number that a quantity stands for, or None where it is none, or absurdly large.

    >>> quantity("1500m"), quantity("128Mi"), quantity(2), quantity("lots")
    (Fraction(3, 2), Fraction(134217728, 1), Fraction(2, 1), None)
    """
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    return _number(str(value))


@lru_cache(maxsize=4096)
def _number(text: str) -> Fraction | None:
    from fractions import Fraction

    parts = _read(text)
    return None if parts is None else parts.mantissa * Fraction(10) ** parts.exponent


def canonical(value: object) -> str | None:
    """The form in which Kubernetes stores and prints a quantity, or None where the value is none.

    >>> canonical("2000m"), canonical("1024Mi"), canonical("0.5"), canonical("1.5Gi"), canonical("lots")
    ('2', '1Gi', '500m', '1536Mi', None)
    """
    parts = _read(value)
    if parts is None:
        return str(value) if _text(value) is not None else None
    if parts.form == "binary":
        return _binary(parts)
    power, exponent = _thousands(parts.mantissa, parts.exponent, bounded=parts.form == "decimal")
    if parts.form == "e":
        return f"{power}e{exponent}" if exponent else str(power)
    return f"{power}{_BY_POWER[exponent]}"


def _text(value: object) -> str | None:
    """The text of a value that is a quantity."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    return str(value) if is_quantity(str(value)) else None


def _read(value: object) -> _Parts | None:
    text = _text(value)
    return None if text is None else _parts(text)


@cache
def _parts(text: str) -> _Parts | None:
    """The number in a quantity as Go keeps it: nothing finer than a nano; None where it is absurdly large."""
    sign, whole, decimals, suffix = (part or "" for part in _SHAPE.fullmatch(text).groups())  # type: ignore[union-attr]
    form = "e" if suffix[:1] in ("e", "E") and suffix not in ("E", "Ei") and suffix else "decimal"
    if len(text) > _LONGEST or (form == "e" and abs(int(suffix[1:])) > _LONGEST):
        return None
    mantissa, exponent = int(f"{whole}{decimals}"), -len(decimals)
    if suffix.endswith("i"):
        form, mantissa = "binary", mantissa * 1024 ** _BINARY.index(suffix)
    else:
        exponent += int(suffix[1:]) if form == "e" else _DECIMAL[suffix]
    if exponent < _FINEST:  # rounded away from zero: who asks for a little gets something
        mantissa, exponent = -(-mantissa // 10 ** (_FINEST - exponent)), _FINEST
    if form == "binary":
        form, mantissa, exponent = _bounded(mantissa, exponent)
    return _Parts(-mantissa if sign == "-" else mantissa, exponent, form)


def _bounded(mantissa: int, exponent: int) -> tuple[str, int, int]:
    """A binary quantity has an upper limit; one below 1 is printed as a decimal one."""
    if mantissa > _MOST * 10**-exponent:
        return "binary", _MOST, 0
    return ("decimal" if 0 < mantissa < 10**-exponent else "binary"), mantissa, exponent


def _binary(parts: _Parts) -> str:
    """The largest binary suffix that leaves an integer; below 1024, or with a fraction, the decimal ones."""
    number, rest = divmod(parts.mantissa, 10**-parts.exponent)
    if rest or abs(number) < 1024:
        power, exponent = _thousands(parts.mantissa, parts.exponent, bounded=True)
        return f"{power}{_BY_POWER[exponent]}"
    index = 0
    while number % 1024 == 0 and index < len(_BINARY) - 1:
        number, index = number // 1024, index + 1
    return f"{number}{_BINARY[index]}"


def _thousands(mantissa: int, exponent: int, *, bounded: bool) -> tuple[int, int]:
    """The same number with an exponent that is a multiple of three, the largest one that leaves an integer.

    `bounded`: the exponent has a suffix, E at most.
    """
    if not mantissa:
        return 0, 0
    mantissa, exponent = mantissa * 10 ** (exponent % 3), exponent - exponent % 3
    most = max(_BY_POWER) if bounded else exponent + len(str(mantissa))
    while mantissa % 1000 == 0 and exponent < most:
        mantissa, exponent = mantissa // 1000, exponent + 3
    over = max(exponent - most, 0)
    return mantissa * 10**over, exponent - over
