"""`build --watch`: do something again whenever a file of the project changes."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TYPE_CHECKING

from sailwright.cli.notes import note
from sailwright.runtime.errors import Failure

if TYPE_CHECKING:
    from watchfiles import Change

_INSTALL = "--watch needs the package watchfiles: install it beside sailwright, or sailwright with its extra `watch`"

_INTERVAL = 200
"""Milliseconds between two looks, and before the first build."""


def again_on_each_change(root: str, once: Callable[[], int]) -> int:
    """Call `once`, then again after each change below `root`, until the user stops it. A failure is reported, and waits too.

    Raises Failure (status 3) where watchfiles is not installed.
    """
    try:
        from watchfiles import watch
    except ImportError:
        raise Failure(_INSTALL, 3) from None
    changes = watch(root, watch_filter=_counts, raise_interrupt=True, rust_timeout=_INTERVAL, yield_on_timeout=True)
    next(changes)  # from here on nothing is missed
    _attempt(once)
    note(f"watching {root}: Ctrl-C ends")
    for changed in changes:
        if changed:
            _attempt(once)
    return 0


def _attempt(once: Callable[[], int]) -> None:
    import gc

    from sailwright.diagnostics.report.clean import printable

    try:
        once()
    except Failure as failure:
        note(f"sailwright: {printable(failure.message)}")
    gc.collect()  # nothing else does in a run that may last for hours


def _counts(_change: Change, path: str) -> bool:
    """Not what git writes, nor the temporary files of editors. What a build writes leads to one more, which finds nothing to do."""
    parts = path.split(os.sep)
    return ".git" not in parts and not parts[-1].endswith(("~", ".swp", ".swx", ".tmp"))
