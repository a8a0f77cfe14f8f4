"""Spread work over processes by a bare fork and pipes: a few milliseconds each, a tenth of what an executor costs.

Work is a generator. It yields once, what the others need to know; it is sent what all have said, and returns its result. Results
and failures travel as pickles.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager, nullcontext, suppress
from typing import Any, BinaryIO, TypeVar

from sailwright.runtime.errors import Failure
from sailwright.runtime.progress import one_of, passed_on, report

Share = TypeVar("Share")
Said = TypeVar("Said")
Heard = TypeVar("Heard")
Result = TypeVar("Result")

Work = Callable[[Share], Generator[Said, Heard, Result]]

WORTH_A_FORK = 50
"""Items below which another process costs more than it saves."""


def processors() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def can_fork() -> bool:
    """Whether this system has processes that share what their parent has read."""
    return hasattr(os, "fork")


def spread_apart(
    shares: Sequence[Share], work: Work[Share, Said, Heard, Result], together: Callable[[Sequence[Said]], Heard]
) -> list[Result]:
    """As `spread`, but with a child for each share: what they needed for their work is gone when the results are here."""
    with one_of(len(shares)):
        children = [_Child.start(work, share, reporting=not number) for number, share in enumerate(shares)]
    with _ended(children):
        heard = together([child.hear() for child in children])
        for child in children:
            child.tell(heard)
        return [child.hear() for child in children]


def spread(
    shares: Sequence[Share], work: Work[Share, Said, Heard, Result], together: Callable[[Sequence[Said]], Heard]
) -> list[Result]:
    """The results of all shares, in their order. This process takes the first, a child each of the others."""
    children = [_Child.start(work, share) for share in shares[1:]]
    with _ended(children):
        own = work(shares[0])
        with one_of(len(shares)):
            first = next(own)
        said = [first, *(child.hear() for child in children)]
        heard = together(said)
        for child in children:
            child.tell(heard)
        with one_of(len(shares)):
            result = _end(own, heard)
        return [result, *(child.hear() for child in children)]


@contextmanager
def _ended(children: Sequence[_Child]) -> Iterator[None]:
    """Wait for the children in the end; where anything fails here, they are stopped."""
    try:
        yield
    except BaseException:
        for child in children:
            os.kill(child.process, signal.SIGTERM)
        raise
    finally:
        for child in children:
            child.close()


def results_of(shares: Sequence[Share], do: Callable[[Share], Result], *, apart: bool = False) -> list[Result]:
    """The results of all shares, in their order, of work that need not know of the others; `apart`: none of it in this process."""

    def work(share: Share) -> Generator[None, None, Result]:
        yield
        return do(share)

    return (spread_apart if apart else spread)(shares, work, lambda _: None)


def elsewhere(do: Callable[[], Result]) -> Result:
    """The result of work in a process of its own: what it needs in memory is gone when the result is here."""
    return results_of((do,), lambda each: each(), apart=True)[0]


def _end(work: Generator[Said, Heard, Result], heard: Heard) -> Result:
    try:
        work.send(heard)
    except StopIteration as end:
        result: Result = end.value
        return result
    raise AssertionError("work pauses once")


class _Child:
    """A process that does one share, and the pipes to it and from it."""

    def __init__(self, process: int, reading: BinaryIO, writing: BinaryIO) -> None:
        self.process = process
        self._reading = reading
        self._writing = writing

    @classmethod
    def start(cls, work: Work[Share, Said, Heard, Result], share: Share, *, reporting: bool = False) -> _Child:
        """Fork; the child never comes back. `reporting`, it says how far it is, which is reported here while it is listened to."""
        from_child, child_out = os.pipe()
        child_in, to_child = os.pipe()
        process = os.fork()
        if process:
            os.close(child_out)
            os.close(child_in)
            return cls(process, os.fdopen(from_child, "rb"), os.fdopen(to_child, "wb"))
        os.close(from_child)
        os.close(to_child)
        try:
            _work(work, share, os.fdopen(child_in, "rb"), os.fdopen(child_out, "wb"), reporting=reporting)
        finally:
            os._exit(1)

    def hear(self) -> Any:
        """What the child says next. Raises what went wrong there."""
        import pickle

        try:
            kind, answer = pickle.load(self._reading)  # noqa: S301  # from our own child
            while kind == "progress":
                report(*answer)
                kind, answer = pickle.load(self._reading)  # noqa: S301
        except (EOFError, pickle.UnpicklingError):
            raise _ended_early() from None
        if kind == "failure":
            message, status, no_answer = answer
            raise Failure(message, status, no_answer=no_answer)
        if kind == "error":
            raise answer
        return answer

    def tell(self, message: object) -> None:
        """Say something to the child."""
        import pickle

        try:
            pickle.dump(message, self._writing, pickle.HIGHEST_PROTOCOL)
            self._writing.flush()
        except BrokenPipeError:
            raise _ended_early() from None

    def close(self) -> None:
        """Wait for the child's end."""
        self._reading.close()
        with suppress(BrokenPipeError):  # what a child that is gone was to hear
            self._writing.close()
        os.waitpid(self.process, 0)


def _ended_early() -> Failure:
    return Failure("a worker process ended too early, perhaps for lack of memory: try -j 1", 3)


def _work(
    work: Work[Share, Said, Heard, Result], share: Share, reading: BinaryIO, writing: BinaryIO, *, reporting: bool
) -> None:
    """The child's whole life."""
    import pickle

    def say(kind: str, answer: object) -> None:
        pickle.dump((kind, answer), writing, pickle.HIGHEST_PROTOCOL)
        writing.flush()

    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    try:
        with passed_on(lambda *progress: say("progress", progress)) if reporting else nullcontext():
            task = work(share)
            say("said", next(task))
            result = _end(task, pickle.load(reading))  # noqa: S301  # from our own parent
        say("result", result)
    except Failure as failure:
        say("failure", (failure.message, failure.status, failure.no_answer))
    except Exception as error:  # noqa: BLE001  # told by the parent, at the one boundary
        say("error", error)
    os._exit(0)
