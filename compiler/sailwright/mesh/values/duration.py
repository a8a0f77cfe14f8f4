"""Durations: read as Go's time.ParseDuration reads them (`1m30s`, `250ms`, `.5s`, `-1s`), printed as protobuf JSON prints them.

Istio reads every duration so, those of google.protobuf.Duration too: the JSON reader of its messages (golang/protobuf's
jsonpb) hands the text to time.ParseDuration, and so does the API server's CEL function `duration()`. Only the normal form
that protobuf prints (`90s`, `0.250s`) is narrower.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

from sailwright.runtime.regex import regex

if TYPE_CHECKING:
    from fractions import Fraction

MILLISECOND: Final = 10**6
SECOND: Final = 10**9

_UNITS = {
    "ns": 1,
    "us": 10**3,
    "\N{MICRO SIGN}s": 10**3,
    "\N{GREEK SMALL LETTER MU}s": 10**3,
    "ms": MILLISECOND,
    "s": SECOND,
    "m": 60 * SECOND,
    "h": 3600 * SECOND,
}
_TERM = regex(r"([0-9]*)(?:\.([0-9]*))?(ns|us|[\u00b5\u03bc]s|ms|s|m|h)")
_LIMIT = 2**63
"""Nanoseconds that Go's time.Duration cannot hold; but for the sign, which holds one more below zero."""
_LONGEST = 256
"""Characters of a duration; a longer one is refused unread."""


@lru_cache(maxsize=4096)
def nanoseconds(text: str) -> int | None:
    """The length in nanoseconds that Go's time.ParseDuration reads, or None where it refuses the text.

    >>> nanoseconds("1m30s"), nanoseconds("-5ms"), nanoseconds("0"), nanoseconds("5")
    (90000000000, -5000000, 0, None)
    """
    sign, body = (-1, text[1:]) if text[:1] == "-" else (1, text.removeprefix("+"))
    if body == "0":
        return 0
    total = end = 0
    while end < len(body) <= _LONGEST:
        term = _TERM.match(body, end)
        if term is None or not (term[1] or term[2]):
            return None
        unit = _UNITS[term[3]]
        whole = int(term[1] or 0) * unit
        total += whole + _fraction(term[2] or "", unit)
        if whole > _LIMIT or total > _LIMIT:
            return None
        end = term.end()
    return sign * total if end > 0 and total < _LIMIT + (sign < 0) else None


def _fraction(digits: str, unit: int) -> int:
    """What the decimals of a number are worth; Go counts them in floating point, and no more than 63 bits of them."""
    number, scale = 0, 1
    for digit in digits:
        longer = number * 10 + int(digit)
        if number > (_LIMIT - 1) // 10 or longer > _LIMIT:
            break
        number, scale = longer, scale * 10
    return int(float(number) * (unit / float(scale)))


def seconds(value: object) -> Fraction | None:
    """The length of a value of a manifest in seconds, exactly, or None where it is no duration.

    >>> seconds("1m30s"), seconds("250ms"), seconds("soon"), seconds(5)
    (Fraction(90, 1), Fraction(1, 4), None, None)
    """
    from fractions import Fraction

    length = nanoseconds(value) if isinstance(value, str) else None
    return None if length is None else Fraction(length, SECOND)


def protobuf_duration(length: int) -> str:
    """Nanoseconds as protobuf JSON prints them: seconds with no, three, six or nine decimals.

    >>> protobuf_duration(90 * SECOND), protobuf_duration(-250 * MILLISECOND)
    ('90s', '-0.250s')
    """
    whole, rest = divmod(abs(length), SECOND)
    decimals = f".{rest:09d}".removesuffix("000").removesuffix("000") if rest else ""
    return f"{'-' if length < 0 else ''}{whole}{decimals}s"


def normalized(text: str) -> str:
    """A duration of a manifest as protobuf JSON prints it; what is no duration stays as it is."""
    length = nanoseconds(text)
    return text if length is None else protobuf_duration(length)


def duration_fault(text: str) -> str | None:
    """What Istio has against a duration field: it wants whole milliseconds, at least one."""
    length = nanoseconds(text)
    if length is None:
        return f"'{text}' is not a duration such as 500ms or 1m30s"
    if length < MILLISECOND:
        return "the duration is shorter than 1ms"
    if length % MILLISECOND:
        return "the duration is finer than a millisecond"
    return None
