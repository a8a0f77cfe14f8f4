"""How far a command is: loops that may take long count their items, and whoever shows it is told.

A command that nobody watches pays nothing for it. Only the process that a command was started in is listened to; it does one of
several equal shares, or passes on what the process says that does one, so each item stands for one of every share.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager, nullcontext
from contextvars import ContextVar
from time import monotonic
from typing import TypeVar

Item = TypeVar("Item")

Report = Callable[[str, int, int], None]
"""Hears what is being done, how many items are done, and how many there are. As many as there are: it is over."""

_REPORT: ContextVar[Report | None] = ContextVar("report", default=None)
_SHARES: ContextVar[int] = ContextVar("shares", default=1)


@contextmanager
def reported_to(report: Report) -> Iterator[None]:
    """Have progress reported while this is open."""
    token = _REPORT.set(report)
    try:
        yield
    finally:
        _REPORT.reset(token)


@contextmanager
def one_of(shares: int) -> Iterator[None]:
    """What is counted while this is open is one of so many equal shares."""
    token = _SHARES.set(shares)
    try:
        yield
    finally:
        _SHARES.reset(token)


_INTERVAL = 0.1
"""Seconds between two reports to another process."""


@contextmanager
def passed_on(say: Report) -> Iterator[None]:
    """Have progress said to another process now and then while this is open, where anybody hears of it."""
    latest = monotonic()

    def heard(what: str, done: int, total: int) -> None:
        nonlocal latest
        if done >= total or monotonic() - latest > _INTERVAL:
            latest = monotonic()
            say(what, done, total)

    with reported_to(heard) if _REPORT.get() is not None else nullcontext():
        yield


def report(what: str, done: int, total: int) -> None:
    """Report what is counted in another way."""
    heard = _REPORT.get()
    if heard is not None:
        heard(what, done, total)


def counted(items: Iterable[Item], what: str, total: int | None = None) -> Iterable[Item]:
    """The items, each reported when it is done. `total` is how many there are, where the items cannot say."""
    heard = _REPORT.get()
    if heard is None:
        return items
    return _counted(items, what, total if total is not None or not isinstance(items, Collection) else len(items), heard)


def _counted(items: Iterable[Item], what: str, total: int | None, heard: Report) -> Iterator[Item]:
    shares = _SHARES.get()
    whole = (total or 0) * shares
    try:
        for done, item in enumerate(items, 1):
            yield item
            heard(what, min(done * shares, whole), whole)
    finally:
        heard(what, whole, whole)
