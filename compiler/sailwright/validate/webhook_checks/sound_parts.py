"""Parts of objects that nothing is wrong with: a mesh has the same policies and matches in many places, and each is checked once."""

from __future__ import annotations

import marshal
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any, Final

from sailwright.diagnostics.problem import Problem

_MOST: Final = 4096
"""Parts that are known; then all are forgotten."""
_LONGEST: Final = 4096
"""Bytes of a part that is remembered."""


def checked_once(part: Any, check: Callable[[], Iterator[Problem]]) -> Iterator[Problem]:
    """The problems that a check finds, which says nothing of what was said nothing of before.

    `part` is plain data that begins with the name of the check, and tells whether there are any: beyond it, only words hang.
    """
    try:
        packed = marshal.dumps(part, 2)
    except ValueError:  # nested very deeply, or no plain data
        yield from check()
        return
    known = _known()
    if packed in known:
        return
    found = tuple(check())
    yield from found
    if not found and len(packed) <= _LONGEST:
        if len(known) >= _MOST:
            known.clear()
        known.add(packed)


@cache
def _known() -> set[bytes]:
    return set()
