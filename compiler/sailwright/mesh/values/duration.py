"""Durations as Go reads them ("1h30m", "0.5s"); times in nanoseconds."""

from __future__ import annotations

import re
from functools import lru_cache

_UNITS = {
    "ns": 1,
    "us": 10**3,
    "\N{MICRO SIGN}s": 10**3,
    "\N{GREEK SMALL LETTER MU}s": 10**3,
    "ms": 10**6,
    "s": 10**9,
    "m": 60 * 10**9,
    "h": 3600 * 10**9,
}
_TERM = re.compile(r"([0-9]*)(?:\.([0-9]*))?(ns|us|\N{MICRO SIGN}s|\N{GREEK SMALL LETTER MU}s|ms|s|m|h)")
_LIMIT = 2**63 - 1

MILLISECOND = 10**6


@lru_cache(maxsize=4096)
def nanoseconds(text: str) -> int | None:
    """What Go's time.ParseDuration makes of `text`, or None where it refuses."""
    sign, body = (-1, text[1:]) if text[:1] == "-" else (1, text[1:] if text[:1] == "+" else text)
    if body == "0":
        return 0
    total, end = 0, 0
    while end < len(body):
        term = _TERM.match(body, end)
        if term is None or not (term[1] or term[2]):
            return None
        unit = _UNITS[term[3]]
        fraction = int(term[2]) * unit // 10 ** len(term[2]) if term[2] else 0
        total += int(term[1] or 0) * unit + fraction
        end = term.end()
    return sign * total if body and total <= _LIMIT else None


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
