"""Measure what the README says about speed, and print its tables: seconds of wall clock on this machine, which is named.

Behind them come CPU of the whole process tree, as multiples of `python -c pass` in the same rounds, and the largest process: these say
more, since they hang less on the machine and on what else runs on it.

python -m benchmarks [COUNT...]        services; 1, 100 and 1000 unless given; 10000 takes some minutes
"""

from __future__ import annotations

import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from itertools import cycle
from pathlib import Path

from benchmarks.generate import generate
from benchmarks.measure import Candidate, Measure, measured
from benchmarks.peers import chart, helm, overlays
from sailwright.source.files.stamps import YOUNG

SAILWRIGHT = (sys.executable, "-m", "sailwright")
PASS = "python -c pass"
CHECK = ("check", "--base", "HEAD", "--fail-on", "never")
DIFF = ("diff", "--base", "HEAD")
SAMPLE = 10
"""How often a peer that starts once a service is started; its time is multiplied up."""


def main(counts: Sequence[int]) -> None:
    """Measure and print, one table a size."""
    own: dict[int, dict[str, Measure]] = {}
    with tempfile.TemporaryDirectory(prefix="sailwright-bench-") as name:
        folder = Path(name)
        for count in counts:
            rounds = 9 if count <= 1 else 5 if count <= 1000 else 3
            print(f"\n{count:,} service{'s' if count > 1 else ''} ({rounds} rounds, medians)\n", file=sys.stderr)
            own[count] = measured([_bare(folder), *ours(folder / str(count), count)], rounds)
            _print(own[count])
        tools = folder / "tools"
        tools.mkdir()
        print("\nPeers, 100 services without sidecars (helm and kustomize cannot add them)\n", file=sys.stderr)
        others = measured([_bare(folder), *peers(folder, tools)], 3)
        _print(others)
    print(readme(own, others, machine()))


ROWS = {
    "build, empty cache": "`build`, nothing built before",
    "build, one service changed": "`build`, one service changed",
    "build, nothing changed": "`build`, nothing changed",
    "lint of one file, the first one": "`lint` of one file, the first in a checkout",
    "lint of one file, which has changed": "`lint` of one file that has changed, the project as context",
    "check, one service changed": "`check`, one service changed since the last one",
    "diff, one weight changed": "`diff`, a weight changed since the last one",
}
"""What the README's table has of what is measured, and what it calls that."""


def readme(own: dict[int, dict[str, Measure]], others: dict[str, Measure], where: str) -> str:
    """The section of the README."""
    heads = [f"{count:,} service{'s' if count > 1 else ''}" for count in own]
    lines = [f"Seconds on {where}.", "", f"| | {' | '.join(heads)} |", f"|---|{'---|' * len(heads)}"]
    for name, shown in ROWS.items():
        cells = " | ".join(_seconds(measures[name].seconds) for measures in own.values())
        lines.append(f"| {shown} | {cells} |")
    lines += [
        "",
        "100 services without sidecars, which the other two programs cannot add:",
        "",
        "| | seconds |",
        "|---|---|",
    ]
    for name, each in sorted(others.items(), key=lambda item: item[1].seconds * _times(item[0])):
        if name != PASS:
            lines.append(f"| `{name.partition(',')[0]}`{PEERS[name]} | {_seconds(each.seconds * _times(name))} |")
    return "\n".join(lines)


PEERS = {
    "helm template, one chart over 100": ", one chart for all",
    f"helm template, one release ({SAMPLE} times)": ", one release per service",
    f"kubectl kustomize, one overlay ({SAMPLE} times)": ", one overlay per service",
    "sailwright build --stdout --no-inject, 100": ", schemas checked",
}
"""What the table adds to the command of each peer."""


def _times(name: str) -> int:
    """How often a peer that was started a few times would be started for 100 services."""
    return 100 // SAMPLE if f"({SAMPLE} times)" in name else 1


def _seconds(value: float) -> str:
    return f"{value:.2f}" if value < 1 else f"{value:.1f}"


def machine() -> str:
    """This machine, as a reader would want it named."""
    model = platform.processor() or platform.machine()
    with suppress(OSError):
        found = re.search(r"^model name\s*:\s*(.+)$", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
        model = found[1] if found else model
    count = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return f"{platform.system()}, {model}, {count} processors, Python {platform.python_version()}"


def _bare(folder: Path) -> Candidate:
    return Candidate(PASS, (sys.executable, "-c", "pass"), folder)


def ours(project: Path, count: int) -> list[Candidate]:
    """Sailwright on a generated project: from nothing, with nothing changed, with one service changed, and the linter."""
    generate(project, count)
    cache = project.with_name(f"cache-{count}")
    environment = {"XDG_CACHE_HOME": str(cache)}
    one = next(project.glob("services/*/*/service.yaml"))
    images = iter(range(1_000_000))
    weights = cycle(range(10, 90))

    trash = project.with_name(f"trash-{count}")
    trash.mkdir()
    turns = iter(range(1_000_000))

    def clear_output() -> None:
        """Moved away: a file system may be slow for seconds where thousands of files were just deleted."""
        if (project / "rendered").exists():
            (project / "rendered").rename(trash / f"rendered-{next(turns)}")

    def clear() -> None:
        clear_output()
        if cache.exists():
            cache.rename(trash / f"cache-{next(turns)}")

    def built() -> None:
        subprocess.run(
            (*SAILWRIGHT, "build"),
            cwd=project,
            env={**os.environ, **environment},
            check=True,
            stderr=subprocess.DEVNULL,
        )

    def change() -> None:
        text = one.read_text().splitlines(keepends=True)
        at = next(number for number, line in enumerate(text) if "image:" in line)
        text[at] = f"    image: registry.example.com/changed:1.{next(images)}\n"
        one.write_text("".join(text))

    def settled() -> None:
        """Built when no file is so young any more that it has to be read: most builds are long after the last change."""
        time.sleep(YOUNG / 1e9)
        built()

    def refreshed() -> None:
        """Settled for git too: it has seen the files that were written again."""
        settled()
        subprocess.run(("git", "status"), cwd=project, check=True, stdout=subprocess.DEVNULL)

    def rebuilt() -> None:
        change()
        built()

    def ran(*arguments: str) -> None:
        subprocess.run(
            (*SAILWRIGHT, *arguments),
            cwd=project,
            env={**os.environ, **environment},
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def checked() -> None:
        built()
        ran(*CHECK)
        rebuilt()

    def compared() -> None:
        """Compared with the base, and then a weight is another one."""
        ran(*DIFF)
        share = next(weights)
        one.write_text(re.sub(r"v1: \d+, v2: \d+", f"v1: {share}, v2: {100 - share}", one.read_text()))
        built()

    built()
    commit(project)

    def candidate(name: str, *arguments: str, prepare: object = built) -> Candidate:
        return Candidate(name, (*SAILWRIGHT, *arguments), project, prepare, environment)  # type: ignore[arg-type]

    return [
        candidate("build, empty cache", "build", prepare=clear),
        candidate("build, output removed", "build", prepare=clear_output),
        candidate("build, nothing changed", "build", prepare=settled),
        Candidate("git status of the same files", ("git", "status"), project, refreshed),
        candidate("build, one service changed", "build", prepare=change),
        candidate("lint of one file, the first one", "lint", str(one.relative_to(project)), prepare=lambda: None),
        candidate("lint of one file, nothing changed", "lint", str(one.relative_to(project)), prepare=lambda: None),
        candidate("lint of one file, which has changed", "lint", str(one.relative_to(project)), prepare=change),
        candidate("check, one service changed", *CHECK, prepare=checked),
        candidate("diff, one weight changed", *DIFF, prepare=compared),
    ]


def commit(project: Path) -> None:
    """Make a repository of a project: a check compares with a commit."""
    author = ("-c", "user.name=bench", "-c", "user.email=bench@example.com")
    for command in (("init", "--quiet"), ("add", "."), (*author, "commit", "--quiet", "--message", "All services")):
        subprocess.run(("git", *command), cwd=project, check=True)


def peers(folder: Path, tools: Path) -> list[Candidate]:
    """What helm and kustomize take for 100 services; those that start once a service are started ten times."""
    found = []
    program = helm(tools)
    if program:
        whole, single = chart(folder / "chart", 100), chart(folder / "single", 1)
        found.append(Candidate("helm template, one chart over 100", (program, "template", "x", str(whole)), folder))
        found.append(
            Candidate(
                f"helm template, one release ({SAMPLE} times)",
                ("sh", "-c", f"for i in $(seq {SAMPLE}); do {program} template x {single}; done"),
                folder,
            )
        )
    kubectl = shutil.which("kubectl")
    if kubectl:
        project = folder / "one"
        generate(project, 1)
        done = subprocess.run(
            (*SAILWRIGHT, "build", "--stdout", "--no-inject"), cwd=project, check=True, capture_output=True, text=True
        )
        overlays(folder / "overlays", done.stdout, SAMPLE)
        found.append(
            Candidate(
                f"kubectl kustomize, one overlay ({SAMPLE} times)",
                ("sh", "-c", f"for i in $(seq 0 {SAMPLE - 1}); do {kubectl} kustomize overlays/s$i/prod; done"),
                folder,
            )
        )
    hundred = folder / "hundred"
    generate(hundred, 100)
    found.append(
        Candidate(
            "sailwright build --stdout --no-inject, 100", (*SAILWRIGHT, "build", "--stdout", "--no-inject"), hundred
        )
    )
    return found


def _print(measures: dict[str, Measure]) -> None:
    unit = measures[PASS].cpu
    for name, each in measures.items():
        print(
            f"  {name:<48} {each.cpu / unit:8.1f} x {each.cpu * 1000:9.0f} ms CPU {each.seconds * 1000:9.0f} ms wall"
            f" {each.megabytes:7.0f} MB",
            file=sys.stderr,
        )


if __name__ == "__main__":
    main([int(text) for text in sys.argv[1:]] or [1, 100, 1000])
