"""Memory of what is gone through some at a time."""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator
from typing import TypeVar

Portion = TypeVar("Portion")


def one_at_a_time(portions: Iterable[Portion]) -> Iterator[Portion]:
    """The portions in their order; what work on one leaves behind is let go of before the next one.

    A run looks for cycles at no other time, and here only among what is new since the first portion. For a process of its own: what is
    there by then stays.
    """
    gc.freeze()
    for each in portions:
        yield each
        gc.collect()
