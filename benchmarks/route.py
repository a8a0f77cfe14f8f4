"""What the route simulator costs, as ratios measured side by side.

python -m benchmarks.route [COUNT]

1. A whole `sailwright route` on a project of COUNT services (default 1,000), against bare `python -c pass`: at most 100.
2. Answers a second in one process, its tables built: at least 20,000.
3. `sailwright diff` of one changed service, against `sailwright build --check` of the same change: at most 3.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks.generate import generate
from sailwright.mesh.pilot.sidecar_scope import Caller
from sailwright.route.request import Request
from sailwright.route.simulator import Simulator
from sailwright.workspace.load import load
from sailwright.workspace.selection import Selection

ROUNDS = 3
ANSWERS = 20_000
SAILWRIGHT = (sys.executable, "-m", "sailwright")


def seconds(command: Sequence[str], folder: Path, statuses: Sequence[int] = (0,)) -> float:
    """The best of several runs of a command."""
    best = float("inf")
    for _ in range(ROUNDS):
        started = time.perf_counter()
        run = subprocess.run(command, cwd=folder, capture_output=True, text=True)
        best = min(best, time.perf_counter() - started)
        if run.returncode not in statuses:
            raise SystemExit(f"{' '.join(command)} left with {run.returncode}: {run.stderr}")
    return best


def answers_a_second(folder: Path, count: int) -> float:
    """Requests that one process answers in a second, of all services in turn, tables built before."""
    world = load(Selection(project=str(folder), injecting=False, context="mesh")).only()
    simulator, caller = Simulator(world), Caller("team-0")
    headers = ({}, {"x-user-group": "staff", "user-agent": "curl/8"})
    paths = ("/", "/search?q=a", "/orders/../orders/7")
    requests = [
        Request(
            port,
            f"svc-{number % count:05}.team-{number % count // 50}:{port}",
            path=paths[number % 3],
            headers=headers[number % 2],
        )
        for number in range(ANSWERS)
        for port in (8000 + number % count % 900,)
    ]
    for request in requests[:count]:
        simulator.answer(caller, request)
    started = time.perf_counter()
    for request in requests:
        simulator.answer(caller, request)
    return ANSWERS / (time.perf_counter() - started)


def main(count: int) -> None:
    """Measure, and print one line each."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        generate(folder, count)
        url = "http://svc-00000.team-0:8000/search"
        route = (*SAILWRIGHT, "route", "--from", "team-0", "--url", url, "--format", "json")
        bare = seconds((sys.executable, "-c", "pass"), folder)
        whole = seconds(route, folder)
        print(f"route, {count} services: {whole:.2f} s, {whole / bare:.0f} times python -c pass")
        print(f"answers a second: {answers_a_second(folder, count):,.0f}")
        seconds((*SAILWRIGHT, "build"), folder)
        for command in (
            ["init", "-q"],
            ["add", "-A"],
            ["-c", "user.name=b", "-c", "user.email=b@b", "commit", "-qm", "base"],
        ):
            subprocess.run(["git", *command], cwd=folder, check=True)
        file = folder / "services" / "team-0" / "svc-00000" / "service.yaml"
        file.write_text(file.read_text().replace("weight: 50", "weight: 60", 1).replace("weight: 50", "weight: 40", 1))
        check = seconds((*SAILWRIGHT, "build", "--check"), folder, (1,))
        diff = seconds((*SAILWRIGHT, "diff", "--base", "HEAD"), folder)
        print(f"diff of one changed service: {diff:.2f} s, {diff / check:.1f} times build --check ({check:.2f} s)")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
