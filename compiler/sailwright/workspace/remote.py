"""Reading and rendering by the workers of an executor: they get the contents of files and what services need to know of others.

Two rounds: each worker reads its share and reports what others need to know of it; then it renders its share, knowing that of all. A share
that goes to another worker then, as when the first has died, is read there.
Services that include files stay here: whether kustomize names such a file is written in folders that no worker has.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import lru_cache
from typing import Any, TypeVar

from sailwright import __version__
from sailwright.project.service.resolve import Target
from sailwright.project.services import Services, read_services, service_files
from sailwright.render.own_templates import own_templates
from sailwright.runtime.cache import Cache, open_cache
from sailwright.runtime.errors import Failure
from sailwright.runtime.executor import Workers
from sailwright.runtime.records import dataclass, field, replace
from sailwright.source.files.checkout import Checkout
from sailwright.source.files.given import Answers, Given, Noted
from sailwright.source.files.recorded import Recorded
from sailwright.source.source import SERVICE_LIMIT
from sailwright.workspace.compile import (
    Compilation,
    InvalidProject,
    LoadedProject,
    ServiceExports,
    combine_exports,
    compiled,
    compiling,
    end_of,
    load_project,
    renderings_of,
    service_exports,
)
from sailwright.workspace.listed_schemas import listed_schemas

Result = TypeVar("Result")
Render = Callable[[Compilation, int], Result | None]


@dataclass(frozen=True, slots=True)
class Job:
    """What one worker does: the project's own files, the service files of its share, and for which targets.

    Two jobs are the same where they have the same `mark`, which no other job has.
    """

    version: str = field(compare=False)
    root: str = field(compare=False)
    answers: Answers = field(repr=False, compare=False)
    files: tuple[str, ...] = field(compare=False)
    targets: tuple[Target, ...] = field(compare=False)
    injecting: bool = field(compare=False)
    cached: bool = field(compare=False)
    mark: bytes = field(default_factory=lambda: os.urandom(16))

    def loaded(self) -> tuple[LoadedProject, Given]:
        """The project, from what was sent. Raises Failure where this is another version of the program."""
        if self.version != __version__:
            raise Failure(
                f"a worker runs Sailwright {__version__}, and this is {self.version}: install the same there", 3
            )
        given = Given(self.root, self.answers)
        loaded = load_project(Recorded(given))
        if isinstance(loaded, InvalidProject):
            raise Failure("a worker cannot read the project: install the same version of Sailwright there", 3)
        return replace(loaded, targets=self.targets), given

    @property
    def cache(self) -> Cache:
        """Where the worker keeps the custom kinds that it has read."""
        return open_cache(enabled=self.cached)


def jobs_for(
    loaded: LoadedProject, workers: Workers, cache: Cache, *, injecting: bool
) -> tuple[tuple[str, ...], list[Job]]:
    """The service files that stay here, and the jobs of the workers."""
    checkout = loaded.project.checkout
    answers = project_answers(checkout)
    own: list[str] = []
    sent: dict[str, Any] = {}
    for path in service_files(loaded.project):
        data = checkout.read(path, SERVICE_LIMIT)
        if isinstance(data, bytes) and not any(word in data for word in _READS_MORE):
            sent[path] = data
        else:
            own.append(path)
    project_file = loaded.project.document.source.data
    if any(word in project_file for word in _READS_MORE):
        return (*own, *sent), []
    names = list(sent)
    shares = [names[turn :: workers.count] for turn in range(min(workers.count, len(names)))]
    return tuple(own), [
        Job(
            __version__,
            checkout.root,
            Answers(answers.files | {path: sent[path] for path in share}, answers.globs, answers.held),
            tuple(share),
            loaded.targets,
            injecting,
            cache.directory is not None,
        )
        for share in shares
    ]


_READS_MORE = (b"include", b"config")
"""Words of a service file, or of what all services have in common, that may make other files part of a service."""


def project_answers(checkout: Checkout) -> Answers:
    """What reading the project without its services asks of a checkout."""
    noted = Noted(checkout)
    again = load_project(noted)
    if isinstance(again, LoadedProject):
        own_templates(noted)
        listed_schemas(again.project, Cache(None))
        service_files(again.project)
    return noted.answers


def by_workers(
    loaded: LoadedProject,
    cache: Cache,
    workers: Workers,
    here: Render[Result],
    there: Callable[[Compilation], Result | None],
    *,
    injecting: bool,
) -> list[Result] | None:
    """What the services come to, those that stay here first. `there` is a function of a module, to be called in a worker.

    None where one of them gives none, where services exclude each other, and where a worker would need more than it was sent.
    """
    own, jobs = jobs_for(loaded, workers, cache, injecting=injecting)
    if not jobs:
        return None
    first = workers.submitted(exports, [(job,) for job in jobs])
    reading = compiling(loaded, cache, own, injecting=injecting)
    parts = [next(reading), *workers.gathered(first)]
    known = None if None in parts else combine_exports(parts)
    if known is None:
        return None
    second = workers.submitted(rendered, [(job, known, there) for job in jobs])
    results = [here(end_of(reading, known), 0), *workers.gathered(second)]
    return None if any(result is None for result in results) else [result for result in results if result is not None]


def exports(job: Job) -> ServiceExports | None:
    """In a worker: what others need to know of its share."""
    read = _read(job)
    found = service_exports(read.loaded.project, read.services)
    return None if read.given.missing else found


def rendered(job: Job, known: ServiceExports, there: Callable[[Compilation], Result | None]) -> Result | None:
    """In a worker: what its share comes to."""
    read = _read(job)
    _read.cache_clear()  # what a worker has done, it lets go of
    renderings = renderings_of(read.loaded, known, job.cache, injecting=job.injecting)
    found = there(compiled(read.loaded, read.services, renderings))
    return None if read.given.missing else found


@dataclass(frozen=True, slots=True)
class _Read:
    """The services of a job's share, and the files that they were read from."""

    loaded: LoadedProject
    given: Given
    services: Services


@lru_cache(maxsize=1)
def _read(job: Job) -> _Read:
    """Read the share of a job: the worker that has done so in the first round need not do it again in the second."""
    loaded, given = job.loaded()
    return _Read(loaded, given, read_services(loaded.project, loaded.targets, job.files))
