"""Durations: read as Go writes them (`1m30s`, `250ms`, `0.5s`), written as protobuf JSON does (`90s`, `0.250s`)."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache

NANOSECONDS = {"h": 3600 * 10**9, "m": 60 * 10**9, "s": 10**9, "ms": 10**6, "us": 10**3, "µs": 10**3, "ns": 1}
PART = re.compile(r"(\d+(?:\.\d*)?|\.\d+)(h|ms|m|s|us|µs|ns)")


@cache
def nanoseconds(text: str) -> int | None:
    """The length of a duration; None where the text is none."""
    total = Decimal(0)
    end = 0
    for part in PART.finditer(text):
        if part.start() != end:
            return None
        end = part.end()
        total += Decimal(part[1]) * NANOSECONDS[part[2]]
    return int(total) if end == len(text) and (text != "") else (0 if text == "0" else None)


def protobuf(length: int) -> str:
    """Nanoseconds in protobuf's JSON form: no, three, six or nine decimals."""
    seconds, rest = divmod(length, 10**9)
    if rest == 0:
        return f"{seconds}s"
    decimals = f"{rest:09d}"
    while decimals.endswith("000"):
        decimals = decimals[:-3]
    return f"{seconds}.{decimals}s"


def shown(text: str) -> str:
    """A duration of a manifest in protobuf's JSON form; what is no duration stays as it is."""
    length = nanoseconds(text)
    return text if length is None else protobuf(length)
