"""Parts that are one object in many documents: the constants of templates, and the sidecar that many pods get. Nobody changes them.

So what such a part looks like as text is worked out once, and found by the identity of the object.
"""

from __future__ import annotations

from functools import cache
from typing import Any

Texts = dict[str, str]
"""The text of a part by the indentation of its lines, of which the first one lacks it."""
Parts = dict[int, tuple[Any, Texts]]

_MOST = 20_000
"""Parts that are known at a time; where there are more, it begins anew."""


@cache
def _parts() -> Parts:
    """By identity. A part is kept with its texts, so that no other object gets its identity."""
    return {}


def share(value: Any) -> None:
    """Make known that a value and all below it stay as they are, and will be met often."""
    if type(value) not in (dict, list) or not value:
        return
    parts = _parts()
    if len(parts) >= _MOST:
        parts.clear()
    parts[id(value)] = (value, {})
    for item in value.values() if type(value) is dict else value:
        share(item)


def known_parts() -> Parts:
    """The parts by identity, with the texts that are known of each."""
    return _parts()
