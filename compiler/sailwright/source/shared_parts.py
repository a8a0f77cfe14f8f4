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
    """A part, held so that no other object gets its identity.

    `written` and `proven` have its text by the indentation of its lines, of which the first one lacks it: as it is written, and as the
    proof of what was written lays it out, with what the part was then.
    """

    value: Any
    written: dict[str, str] = field(default_factory=dict)
    proven: dict[str, tuple[bytes, str]] = field(default_factory=dict)


@cache
def shared_parts() -> dict[int, Part]:
    """The parts by identity."""
    return {}


def share(value: Any) -> None:
    """Make known that a value and all below it stay as they are, and will be met often."""
    if type(value) not in (dict, list) or not value:
        return
    parts = shared_parts()
    if len(parts) >= _MOST:
        parts.clear()
    parts[id(value)] = Part(value)
    for item in value.values() if type(value) is dict else value:
        share(item)
