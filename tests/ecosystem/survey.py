"""Count what Sailwright reports about a folder of repositories, and how that differs from another version of the program.

    python tests/ecosystem/survey.py REPOSITORIES                          findings per rule, and per 100 YAML files
    python tests/ecosystem/survey.py REPOSITORIES --record NAME.json       keep the findings
    python tests/ecosystem/survey.py REPOSITORIES --against NAME.json      which are new, which are gone
    python tests/ecosystem/survey.py REPOSITORIES --against PROGRAM        the same, of another version: a path of `sailwright`

Each folder in REPOSITORIES is one repository: `lint` and `validate` (`--backend builtin`) run in it as somebody would who tries the
program for the first time. A finding that is new and an error is worth a look by eye: is it true? The program's own exit status is
0; a repository on which Sailwright itself fails (a traceback, a rule that crashed, exit status 3) is named, and the status is 1.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

COMMANDS = (("lint", "."), ("validate", ".", "--backend", "builtin"))
HARMLESS = (0, 1, 2)
"""The exit statuses of a program that did its work: 2 is for a repository without input."""
SECONDS = 600


class Found(NamedTuple):
    """A finding as two versions of the program can be compared by it."""

    repository: str
    file: str
    line: int
    severity: str
    rule: str
    message: str


class Survey(NamedTuple):
    """What one version of the program reports: the number of YAML files, the findings, and where the program failed."""

    files: int
    findings: frozenset[Found]
    failures: tuple[str, ...] = ()


def survey(program: str, folder: Path) -> Survey:
    """Run the program over each repository of a folder."""
    files, findings, failures = 0, set[Found](), []
    for repository in sorted(each for each in folder.iterdir() if each.is_dir()):
        files += sum(1 for _ in _manifests(repository))
        for command in COMMANDS:
            try:
                findings.update(_findings([program, *command], repository))
            except ValueError as error:
                failures.append(f"{repository.name}: {command[0]}: {error}")
    return Survey(files, frozenset(findings), tuple(failures))


def _manifests(repository: Path) -> Iterator[Path]:
    return (path for path in repository.rglob("*") if path.suffix in (".yaml", ".yml") and path.is_file())


def _findings(command: Sequence[str], repository: Path) -> Iterator[Found]:
    """What a command reports about a repository. Raises ValueError where the program failed."""
    try:
        done = subprocess.run(
            [*command, "--format", "json"], cwd=repository, capture_output=True, text=True, timeout=SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        raise ValueError(f"not done after {SECONDS} s") from None
    if done.returncode not in HARMLESS or "Traceback" in done.stderr or '"rule-crashed"' in done.stdout:
        raise ValueError(f"exit status {done.returncode}: {done.stderr.strip().rpartition(chr(10))[2]}")
    for each in json.loads(done.stdout)["findings"] if done.stdout.strip() else ():
        place = each["location"]
        yield Found(repository.name, place["file"], place["line"], each["severity"], each["rule"], each["message"])


def table(found: Survey) -> Iterator[str]:
    """Findings per severity and rule, the most frequent first, with their number per 100 files."""
    counted = Counter((each.severity, each.rule) for each in found.findings)
    yield f"{found.files} files, {len(found.findings)} findings"
    for severity in ("error", "warning", "info"):
        total = sum(number for (kind, _), number in counted.items() if kind == severity)
        yield f"{severity:8} {total:6} {_rate(total, found.files)}"
        rules = ((rule, number) for (kind, rule), number in counted.items() if kind == severity)
        for rule, number in sorted(rules, key=lambda each: (-each[1], each[0])):
            yield f"         {number:6} {_rate(number, found.files)}  {rule}"


def _rate(number: int, files: int) -> str:
    return f"{100 * number / max(files, 1):7.2f} per 100 files"


def difference(before: Iterable[Found], after: Iterable[Found]) -> Iterator[str]:
    """The findings that one version has and the other has not, rule by rule, errors first."""
    old, new = frozenset(before), frozenset(after)
    gone, come = Counter(_kind(each) for each in old - new), Counter(_kind(each) for each in new - old)
    for severity, rule in sorted({*gone, *come}):
        yield f"{severity:8} {rule}: +{come[severity, rule]} -{gone[severity, rule]}"
        for sign, findings in (("+", new - old), ("-", old - new)):
            for each in sorted(found for found in findings if _kind(found) == (severity, rule)):
                yield f"    {sign} {each.repository}/{each.file}:{each.line}: {each.message}"


def _kind(found: Found) -> tuple[str, str]:
    return found.severity, found.rule


def record(found: Survey, file: Path) -> None:
    """Keep the findings for a later comparison."""
    rows = [list(each) for each in sorted(found.findings)]
    file.write_text(json.dumps({"files": found.files, "findings": rows}, indent=1) + "\n")


def recorded(file: Path) -> Survey:
    """Findings that were kept."""
    held = json.loads(file.read_text())
    return Survey(held["files"], frozenset(Found(*row) for row in held["findings"]))


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("repositories", type=Path)
    parser.add_argument("--program", default=str(Path(sys.executable).with_name("sailwright")))
    parser.add_argument("--record", type=Path)
    parser.add_argument("--against", type=Path)
    given = parser.parse_args(arguments)
    found = survey(given.program, given.repositories)
    failures = [*found.failures]
    print("\n".join(table(found)))
    if given.record:
        record(found, given.record)
    if given.against:
        is_recorded = given.against.suffix == ".json"
        before = recorded(given.against) if is_recorded else survey(str(given.against.absolute()), given.repositories)
        failures += (f"{given.against}: {failure}" for failure in before.failures)
        print("\n".join(difference(before.findings, found.findings)) or "no difference")
    for failure in failures:
        print(f"failed: {failure}", file=sys.stderr)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
