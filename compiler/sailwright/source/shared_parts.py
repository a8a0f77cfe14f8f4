"""Parts that are one object in many documents: the constants of templates, and the sidecar that many pods get. Nobody changes them.

So what such a part looks like as text is worked out once, and found by the identity of the object.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from sailwright.runtime.records import dataclass, field

_MOST = 20_000
"""Parts that are known at a time; where there are more, it begins anew."""


@dataclass(slots=True)
class Part:
    """A part, held so that no other object gets its identity. `small`: no number in it needs more than 32 bits.

    `written` and `proven` have its text by the indentation of its lines, of which the first one lacks it: as it is written, and as the
    proof of what was written lays it out, with what the part was then.
    """

    value: Any
    small: bool
    written: dict[str, str] = field(default_factory=dict)
    proven: dict[str, tuple[bytes, str]] = field(default_factory=dict)


@cache
def shared_parts() -> dict[int, Part]:
    """The parts by identity."""
    return {}


def share(value: Any) -> None:
    """Make known that a value and all below it stay as they are, and will be met often."""
    _is_small(value, shared_parts())


def _is_small(value: Any, parts: dict[int, Part]) -> bool:
    """Whether no number in a value needs more than 32 bits; all lists and maps in it become known."""
    kind = type(value)
    if kind is not dict and kind is not list:
        return value is None or kind is str or kind is bool or (kind is int and abs(value) < 2**31)
    below = [_is_small(item, parts) for item in (value.values() if kind is dict else value)]
    small = all(below)
    if value:
        if len(parts) >= _MOST:
            parts.clear()
        parts[id(value)] = Part(value, small)
    return small
