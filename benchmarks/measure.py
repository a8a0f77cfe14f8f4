"""Run commands in turn and compare them: on a busy machine only ratios of one and the same run mean anything."""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Candidate:
    """A command. `prepare` runs before each time, unmeasured; `units` divides its time (services, files)."""

    name: str
    command: Sequence[str]
    folder: Path
    prepare: Callable[[], object] = lambda: None
    environment: dict[str, str] = field(default_factory=dict)
    status: int = 0


@dataclass(frozen=True)
class Measure:
    """Seconds of wall clock and of CPU, of the whole process tree (medians), and the largest resident size of one process, in MB."""

    seconds: float
    megabytes: float
    cpu: float = 0.0


def measured(candidates: Sequence[Candidate], rounds: int) -> dict[str, Measure]:
    """Each candidate once a round, so that all of them meet the same weather."""
    times: dict[str, list[float]] = {candidate.name: [] for candidate in candidates}
    cpu: dict[str, list[float]] = {candidate.name: [] for candidate in candidates}
    sizes: dict[str, float] = {}
    for _ in range(rounds):
        for candidate in candidates:
            candidate.prepare()
            seconds, spent, size = _run(candidate)
            times[candidate.name].append(seconds)
            cpu[candidate.name].append(spent)
            sizes[candidate.name] = max(size, sizes.get(candidate.name, 0.0))
    return {
        name: Measure(statistics.median(taken), sizes[name], statistics.median(cpu[name]))
        for name, taken in times.items()
    }


def _run(candidate: Candidate) -> tuple[float, float, float]:
    environment = {**os.environ, **candidate.environment}
    started = time.perf_counter()
    with subprocess.Popen(
        candidate.command, cwd=candidate.folder, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    ) as process:
        said = process.stderr.read() if process.stderr else b""
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != candidate.status:
        raise SystemExit(f"{candidate.name}: exit status {process.returncode}\n{said.decode('utf-8', 'replace')}")
    return seconds, usage.ru_utime + usage.ru_stime, _megabytes(usage)


def _megabytes(usage: resource.struct_rusage) -> float:
    return usage.ru_maxrss / 1024
