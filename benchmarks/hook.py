"""What a commit costs: the hooks on one changed service, and how much of it is pre-commit itself.

python -m benchmarks.hook [COUNT]      services in the repository, 1000 unless given
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from benchmarks.generate import generate
from benchmarks.measure import Candidate, Measure, measured

PASS = "python -c pass"
CONFIG = """\
repos:
  - repo: local
    hooks:
      - {{id: nothing, name: nothing, entry: "true", language: system, files: service\\.yaml$}}
      - {{id: lint, name: lint, entry: {python} -m sailwright lint, language: system, files: service\\.yaml$, require_serial: true}}
      - {{id: build, name: build, entry: {python} -m sailwright.cli.hook, language: system, pass_filenames: false, files: service\\.yaml$}}
      - {{id: both, name: both, entry: {python} -m sailwright.cli.hook --lint, language: system, files: service\\.yaml$, require_serial: true}}
"""


def main(count: int) -> None:
    """Measure and print. A hook that builds ends with 1 where the commit lacks what was built."""
    with tempfile.TemporaryDirectory(prefix="sailwright-bench-") as name:
        project = Path(name, "project")
        project.mkdir()
        one = repository(project, count)
        environment = {"XDG_CACHE_HOME": str(cache_of(project))}
        images = iter(range(1_000_000))

        def change() -> None:
            path = project / one
            path.write_text(
                re.sub("image: .*", f"image: registry.example.com/new:1.{next(images)}", path.read_text(), count=1)
            )

        def staged() -> None:
            subprocess.run(("git", "add", "."), cwd=project, check=True)

        def candidate(
            title: str, *command: str, prepare: Callable[[], None] = lambda: None, status: int = 0
        ) -> Candidate:
            return Candidate(title, command, project, prepare, environment, status)

        def pre_commit(hook: str, *files: str) -> tuple[str, ...]:
            return (
                sys.executable,
                "-m",
                "pre_commit",
                "run",
                hook,
                *(("--files", *files) if files else ("--all-files",)),
            )

        both = (sys.executable, "-c", "from sailwright.__main__ import hook; hook()", "--lint")
        found = measured(
            [
                candidate(PASS, sys.executable, "-c", "pass"),
                candidate("lint, one file", sys.executable, "-m", "sailwright", "lint", one),
                candidate("lint, one changed file", sys.executable, "-m", "sailwright", "lint", one, prepare=change),
                candidate(
                    "build hook, one changed file",
                    sys.executable,
                    "-m",
                    "sailwright.cli.hook",
                    prepare=change,
                    status=1,
                ),
                candidate("hook of both, one changed file", *both, one, prepare=change, status=1),
                candidate("build hook, nothing to do", sys.executable, "-m", "sailwright.cli.hook", prepare=staged),
                candidate("pre-commit, a hook that does nothing, one file", *pre_commit("nothing", one)),
                candidate("pre-commit, lint, one file", *pre_commit("lint", one)),
                candidate("pre-commit, build, one file", *pre_commit("build", one)),
                candidate("pre-commit, both in one, one file", *pre_commit("both", one)),
                candidate("pre-commit, a hook that does nothing, all files", *pre_commit("nothing")),
                candidate("pre-commit, lint, all files", *pre_commit("lint")),
            ],
            5,
        )
        _print(count, found)


def repository(project: Path, count: int) -> str:
    """A built and committed project with the hooks; the path of one of its service files."""
    generate(project, count)
    (project / ".pre-commit-config.yaml").write_text(CONFIG.format(python=sys.executable))
    environment = {**os.environ, "XDG_CACHE_HOME": str(cache_of(project))}
    identity = ("-c", "user.name=You", "-c", "user.email=you@example.com")
    for command in (
        ("git", "init", "--quiet"),
        (sys.executable, "-m", "sailwright", "build"),
        ("git", "add", "."),
        ("git", *identity, "commit", "--quiet", "--message", "all"),
    ):
        subprocess.run(command, cwd=project, env=environment, check=True, stderr=subprocess.DEVNULL)
    return str(next(project.glob("services/*/*/service.yaml")).relative_to(project))


def cache_of(project: Path) -> Path:
    """The folder of the cache: none in a repository is used."""
    return project.with_name("cache")


def _print(count: int, found: dict[str, Measure]) -> None:
    unit = found[PASS].cpu
    print(f"\nHooks in a repository of {count:,} services (5 rounds, medians of CPU)\n")
    for name, measure in found.items():
        print(f"  {name:<50} {measure.cpu / unit:8.1f} x {measure.seconds * 1000:9.0f} ms wall")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
