"""Durations as Istio writes them: `1h30m`, `0.5s`, `250ms`."""

import re
from fractions import Fraction

_PART = re.compile(r"(\d+\.?\d*|\.\d+)(h|ms|m|s|us|µs|ns)")
_SECONDS = {
    "h": Fraction(3600),
    "m": Fraction(60),
    "s": Fraction(1),
    "ms": Fraction(1, 10**3),
    "us": Fraction(1, 10**6),
    "µs": Fraction(1, 10**6),
    "ns": Fraction(1, 10**9),
}


def seconds(value: object) -> Fraction | None:
    """The length of a duration (Go's time.ParseDuration) in seconds, or None where it is not one.

    >>> seconds("1m30s"), seconds("250ms"), seconds("soon")
    (Fraction(90, 1), Fraction(1, 4), None)
    """
    if not isinstance(value, str) or not value:
        return None
    parts = list(_PART.finditer(value))
    if "".join(part.group() for part in parts) != value:
        return None
    return sum((Fraction(part[1]) * _SECONDS[part[2]] for part in parts), Fraction(0))
