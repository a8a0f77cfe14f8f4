"""A bar on the terminal with count, rate and time left, once a command takes longer than a second.

Nothing is shown in a pipe, under CI and with --quiet. The line is removed as soon as the work that it counts is done.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

from sailwright.cli.notes import detail

TYPE_CHECKING = False
if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from typing import Any

_PATIENCE = 1.0
"""Seconds without a sign before the bar is shown."""
_INTERVAL = 0.1
"""Seconds between two signs."""
_ERASE = "\r\x1b[K\x1b[?25h"
"""Back to the start of the line, empty it, and show the cursor, which click hides."""


def progress() -> AbstractContextManager[None]:
    """Show how far the work is that is done while this is open, where somebody may look at it."""
    if not sys.stderr.isatty() or os.environ.get("CI") or detail() == "quiet":
        return nullcontext()
    return _shown()


@contextmanager
def _shown() -> Iterator[None]:
    from sailwright.runtime.progress import reported_to

    bar = Bar(time.monotonic())
    try:
        with reported_to(bar.report):
            yield
    finally:
        bar.erase()


class Bar:
    """One line of standard error, drawn anew a few times a second by the process that the command was started in."""

    def __init__(self, started: float) -> None:
        self._process = os.getpid()
        self._next = started + _PATIENCE
        self._what = ""
        self._since = started
        self._bar: Any = None

    def report(self, what: str, done: int, total: int) -> None:
        """Draw the bar, where it is time to; erase it where all is done."""
        if os.getpid() != self._process:
            return
        now = time.monotonic()
        if self._what and what != self._what:
            return  # a part of what is counted already
        if not self._what:
            self._what, self._since = what, now
        if done >= total:
            self.erase()
            self._what = ""
        elif now >= self._next:
            self._next = now + _INTERVAL
            self._draw(done, total, now)

    def _draw(self, done: int, total: int, now: float) -> None:
        import click

        rate = done / max(now - self._since, 0.001)
        if self._bar is None:
            self._bar = click.progressbar(
                length=total,
                label=self._what,
                show_pos=True,
                show_eta=True,
                item_show_func=lambda rate: f"{rate:,.0f}/s" if rate else None,
                update_min_steps=1,
                file=sys.stderr,
            )
            self._bar.start = time.time() - (now - self._since)
            self._bar.last_eta = 0.0  # the time left is known from the start
        self._bar.update(done - self._bar.pos, rate)

    def erase(self) -> None:
        """Leave nothing behind on the line where the result begins."""
        if self._bar is not None and os.getpid() == self._process:
            self._bar = None
            sys.stderr.write(_ERASE)
            sys.stderr.flush()
