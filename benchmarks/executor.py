"""What a second worker of a Dask cluster saves: a build by one worker, and by two.

A cluster of one worker and one of two are up at the same time, so that both builds meet the same weather. What counts is wall clock, so
this machine should have nothing else to do, and two processors at least: the client and the schedulers wait meanwhile.

python -m benchmarks.executor [COUNT]      services, 1000 unless given; needs the extra `dask`
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from benchmarks.generate import generate
from benchmarks.measure import Candidate, Measure, measured

PATIENCE = 60
"""Seconds in which a scheduler or a worker has to be up."""


def main(count: int, rounds: int = 7) -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory(prefix="sailwright-bench-") as name, ExitStack() as running:
        folder = Path(name)
        generate(folder / "project", count)
        candidates = [_build(folder, cluster(folder / f"cluster-{size}", size, running), size) for size in (1, 2)]
        measured(candidates, 1)  # workers that have done nothing yet load the program first
        _print(count, rounds, measured(candidates, rounds))


def cluster(folder: Path, size: int, running: ExitStack) -> str:
    """The address of a scheduler on loopback with so many workers of one thread each; they end with `running`."""
    folder.mkdir()
    told = folder / "scheduler.json"
    common = ("--scheduler-file", str(told), "--host", "127.0.0.1", "--no-dashboard")
    _start(running, folder, "scheduler", *common, "--port", "0")
    deadline = time.monotonic() + PATIENCE
    while not told.exists() or not told.read_text().strip():
        if time.monotonic() > deadline:
            raise SystemExit("the Dask scheduler did not start: is the extra `dask` installed?")
        time.sleep(0.1)
    address = str(json.loads(told.read_text())["address"])
    for _ in range(size):
        _start(running, folder, "worker", *common, "--nthreads", "1", "--local-directory", str(folder))
    import distributed

    with distributed.Client(address, set_as_default=False) as client:
        client.wait_for_workers(size, timeout=PATIENCE)
    return address.removeprefix("tcp://")


def _start(running: ExitStack, folder: Path, what: str, *arguments: str) -> None:
    process = subprocess.Popen(
        (sys.executable, "-m", f"distributed.cli.dask_{what}", *arguments),
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    running.callback(process.wait, PATIENCE)
    running.callback(process.terminate)


def _build(folder: Path, address: str, size: int) -> Candidate:
    turns = iter(range(1_000_000))

    def clear() -> None:
        output = folder / "project" / "rendered"
        if output.exists():
            output.rename(folder / f"rendered-{size}-{next(turns)}")

    command = (sys.executable, "-m", "sailwright", "build", "--no-cache", "--executor", f"dask://{address}")
    return Candidate(f"build by {size} worker{'s' if size > 1 else ''}", command, folder / "project", clear)


def _print(count: int, rounds: int, found: dict[str, Measure]) -> None:
    load = f"; load average {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    print(f"\n{count:,} services ({rounds} rounds, medians{load})\n")
    for name, each in found.items():
        print(f"  {name:<24} {each.seconds * 1000:7.0f} ms wall {each.cpu * 1000:7.0f} ms CPU of the client")
    one, two = found.values()
    print(f"  {'two against one':<24} {two.seconds / one.seconds:7.2f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
