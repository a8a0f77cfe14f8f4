"""Spread work over processes: a bare fork and a pipe each, which costs a few milliseconds where an executor costs ten times that."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Sequence
from typing import BinaryIO, TypeVar

from sailwright.errors import Failure

Item = TypeVar("Item")
Result = TypeVar("Result")

WORTH_A_FORK = 50
"""Items below which another process costs more than it saves."""


def processors() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def spread(
    items: Sequence[Item], work: Callable[[Item], Result], jobs: int, done: Callable[[int], None] = lambda _count: None
) -> list[Result]:
    """The results of `work`, in the order of the items, whatever the number of jobs.

    `done` hears how many items are finished, by this process' own share. Results and failures travel as pickles.
    """
    jobs = min(jobs, len(items)) if hasattr(os, "fork") else 1
    if jobs < 2:
        return _share(items, work, done, 1)
    _settle()
    children = [_start(items[number::jobs], work) for number in range(1, jobs)]
    try:
        shares = [_share(items[0::jobs], work, done, jobs)]
        shares += [_receive(pipe) for _, pipe in children]
    except BaseException:
        for child, _ in children:
            os.kill(child, signal.SIGTERM)
        raise
    finally:
        for child, pipe in children:
            pipe.close()
            os.waitpid(child, 0)
    return [shares[number % jobs][number // jobs] for number in range(len(items))]


def _share(
    items: Sequence[Item], work: Callable[[Item], Result], done: Callable[[int], None], step: int
) -> list[Result]:
    results = []
    for item in items:
        results.append(work(item))
        done(step)
    return results


def _settle() -> None:
    """What is in memory now stays shared with the children: the collector need not look at it again."""
    import gc

    gc.collect()
    gc.freeze()


def _start(items: Sequence[Item], work: Callable[[Item], Result]) -> tuple[int, BinaryIO]:
    reading, writing = os.pipe()
    child = os.fork()
    if child:
        os.close(writing)
        return child, os.fdopen(reading, "rb")
    os.close(reading)
    try:
        _work(items, work, writing)
    finally:
        os._exit(1)  # never back into the parent's code


def _work(items: Sequence[Item], work: Callable[[Item], Result], writing: int) -> None:
    import pickle

    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    try:
        answer: tuple[str, object] = ("results", [work(item) for item in items])
    except Failure as failure:
        answer = ("failure", (failure.message, failure.status))
    except Exception as error:  # noqa: BLE001  # told by the parent, at the one boundary
        answer = ("error", error)
    with os.fdopen(writing, "wb") as pipe:
        pickle.dump(answer, pipe, pickle.HIGHEST_PROTOCOL)
    os._exit(0)


def _receive(pipe: BinaryIO) -> list[Result]:
    import pickle

    try:
        kind, answer = pickle.load(pipe)  # noqa: S301  # from our own child
    except EOFError:
        raise Failure("a worker process ended before its work was done; is there memory enough? Try -j 1", 3) from None
    if kind == "failure":
        raise Failure(*answer)
    if kind == "error":
        raise answer
    results: list[Result] = answer
    return results
