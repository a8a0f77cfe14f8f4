"""Where work is done: by processes of this machine, or by the workers of a Dask cluster (`--executor`).

The workers of a cluster are reached through a `concurrent.futures.Executor`; any other one would do. They get plain records and give
plain records back. Dask gives a task whose worker dies to another worker.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

from sailwright.runtime.errors import Failure
from sailwright.runtime.records import dataclass
from sailwright.runtime.regex import regex

if TYPE_CHECKING:
    from concurrent.futures import Executor, Future

Result = TypeVar("Result")

INSTALL = "--executor dask needs the package distributed: install sailwright with its extra `dask`: pip install 'sailwright[dask]'"

_CLUSTER = regex(r"dask://((?:[\w.-]+|\[[\da-fA-F:.]+\]):\d{1,5})")
_PATIENCE = 30
"""Seconds without any worker after which a cluster counts as gone, and within which a scheduler must answer."""
_LOOK = 5
"""Seconds between two looks at the workers."""


@dataclass(frozen=True, slots=True)
class Workers:
    """An executor with the number of its workers. `alive` says whether there are any now; `place` is what messages call them."""

    executor: Executor
    count: int
    alive: Callable[[], bool] = lambda: True
    place: str = "the executor"

    def results(self, work: Callable[..., Result], tasks: Sequence[tuple[Any, ...]]) -> list[Result]:
        """The results of `work` for each tuple of arguments, in their order. Raises what went wrong there."""
        return self.gathered(self.submitted(work, tasks))

    def submitted(self, work: Callable[..., Result], tasks: Sequence[tuple[Any, ...]]) -> list[Future[tuple[str, Any]]]:
        """The tasks, on their way."""
        return [self.executor.submit(_done, work, *task) for task in tasks]

    def gathered(self, futures: Sequence[Future[tuple[str, Any]]]) -> list[Any]:
        """What submitted tasks came to."""
        return [self._result(future) for future in futures]

    def _result(self, future: Future[tuple[str, Any]]) -> Any:
        from concurrent.futures import TimeoutError as NotYet

        silent = 0
        while True:
            try:
                kind, answer = future.result(timeout=_LOOK)
                break
            except NotYet:
                silent = 0 if self.alive() else silent + _LOOK
                if silent >= _PATIENCE:
                    raise Failure(f"{self.place} has no workers left: start one, or leave --executor out", 3) from None
            except Exception as error:  # noqa: BLE001  # whatever befell a worker is one sentence
                what = f"{type(error).__name__}: {error}".splitlines()[0]
                raise Failure(f"{self.place} did not finish the work: {what}", 3) from None
        if kind == "failure":
            message, status, no_answer = answer
            raise Failure(message, status, no_answer=no_answer)
        return answer


def _done(work: Callable[..., Any], *arguments: Any) -> tuple[str, Any]:
    """In a worker: the result, or the failure as plain data."""
    try:
        return "result", work(*arguments)
    except Failure as failure:
        return "failure", (failure.message, failure.status, failure.no_answer)


def is_executor(text: str) -> bool:
    """Whether `--executor` may say this: `local`, `dask:local` or `dask://HOST:PORT`."""
    return text in ("local", "dask:local") or _CLUSTER.fullmatch(text) is not None


@contextmanager
def workers(text: str | None) -> Iterator[Workers | None]:
    """The workers that `--executor` names; None for the processes of this machine.

    Raises Failure (status 3) where distributed is not installed, and where no scheduler answers or it has no workers.
    """
    if text in (None, "local"):
        yield None
        return
    found = _CLUSTER.fullmatch(text or "")
    try:
        import distributed
    except ImportError:
        raise Failure(INSTALL, 3) from None
    _quiet()
    with _local(distributed) if found is None else _reached(distributed, found[1]) as client:
        count = len(client.nthreads())
        if not count:
            raise Failure(f"{text}: the scheduler has no workers: start one with `dask worker {found and found[1]}`", 3)
        yield Workers(client.get_executor(pure=False), count, lambda: bool(client.nthreads()), text or "")


def _quiet() -> None:
    """Dask reports the comings and goings of workers to the log; what matters comes back as a result."""
    import logging
    import warnings

    logging.getLogger("distributed").setLevel(logging.CRITICAL + 1)
    warnings.filterwarnings("ignore", module="distributed")


@contextmanager
def _local(distributed: Any) -> Iterator[Any]:
    """One worker process per processor of this machine; its files are outside of the project."""
    import tempfile

    from sailwright.runtime.process_pool import processors

    with (
        tempfile.TemporaryDirectory(prefix="sailwright-dask-") as folder,
        distributed.LocalCluster(
            n_workers=processors(), threads_per_worker=1, dashboard_address=None, local_directory=folder
        ) as cluster,
        distributed.Client(cluster) as client,
    ):
        yield client


@contextmanager
def _reached(distributed: Any, address: str) -> Iterator[Any]:
    try:
        client = distributed.Client(f"tcp://{address}", timeout=_PATIENCE // 3, set_as_default=False)
    except (OSError, TimeoutError) as error:
        reason = str(error).splitlines()[0] if str(error) else "no answer"
        raise Failure(f"dask://{address}: no Dask scheduler can be reached there: {reason}", 3) from None
    try:
        yield client
    finally:
        client.close(timeout=_LOOK)
