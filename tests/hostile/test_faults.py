"""A kill, a full disk and a broken one at each call of a run: every file is old or new, and the next run is right.

Each command is run once under strace, and every call that reads or writes a file of the repository or of the cache, or prints, is a
place for a fault. `make test` tries a few of each command, `make faults` all of them.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.hostile.repositories import git, own_store, project
from tests.hostile.syscalls import STRACE, Call, calls, traced, with_fault

EVERY = os.environ.get("SAILWRIGHT_FAULTS", "")
"""`all`, or `writing` for the calls that write alone."""
FEW = 5
"""Places that are tried where not all are."""

OLD_RULE = """\
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: cart, namespace: shop}
spec:
  host: cart
  trafficPolicy: {loadBalancer: {simple: LEAST_CONN}}   # --fix writes LEAST_REQUEST
"""
RESOURCE = """\
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: things.example.com}
spec:
  group: example.com
  scope: Namespaced
  names: {kind: Thing, plural: things}
  versions:
    - {name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object}}}
"""


@dataclass(frozen=True)
class Case:
    """A command, and what the same command answers where its work is done already (`build` and most others: the same)."""

    arguments: tuple[str, ...]
    built: bool = True
    cached: bool = True
    status: int = 0
    again: tuple[int, ...] = (0,)


CASES = {
    "build": Case(("build", "-j1")),
    "build, new": Case(("build", "-j1"), built=False),
    "build, without a cache": Case(("build", "-j1"), cached=False),
    "build --stdout": Case(("build", "-j1", "--stdout", "--env", "prod")),
    "weight": Case(("weight", "cart", "v2=30")),
    "image": Case(("image", "cart", "v1=example.com/cart:2.0.0")),
    "lint --fix": Case(("lint", "--fix", "rule.yaml")),
    "a report of lint": Case(("lint", "--format", "sarif=r.sarif", "--format", "junit=r.xml")),
    "a report of validate": Case(("validate", "--backend", "builtin", "--format", "json=r.json")),
    "a report of diff": Case(("diff", "--base", "HEAD", "--format", "markdown=d.md")),
    "a baseline": Case(("lint", "--baseline", "b.json", "--update-baseline")),
    "inject": Case(("inject", "-f", "rendered/prod/shop/cart.yaml", "-o", "i.yaml", "--sidecar-mode", "native")),
    "new": Case(("new", "basket"), again=(0, 2)),
    "eject": Case(("eject", "cart"), again=(0, 2)),
    "schema import": Case(("schema", "import", "crd.yaml")),
}  # fmt: skip

Files = dict[str, bytes]


@pytest.fixture(scope="module")
def origin(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository whose service changed since it was built, with the cache and the key of its user beside it."""
    if STRACE is None:
        pytest.skip("strace is not installed, and faults are put into system calls with it")
    folder = tmp_path_factory.mktemp("origin")
    top = project(folder / "repository")
    (top / "rule.yaml").write_text(OLD_RULE)
    (top / "crd.yaml").write_text(RESOURCE)
    git(top, "init", "-q")
    git(top, "add", ".")
    git(top, "commit", "-qm", "base")
    return folder


def prepared(origin: Path, folder: Path, case: Case) -> Path:
    """A copy for one run."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(origin, folder, symlinks=True)
    return folder / "repository"


def environment(patch: pytest.MonkeyPatch, folder: Path) -> None:
    own_store(patch, folder)
    patch.setenv("GIT_OPTIONAL_LOCKS", "0")


def files(top: Path) -> Files:
    """Every file of the repository, git's own aside."""
    found = (path for path in sorted(top.rglob("*")) if path.is_file() and ".git" not in path.parts)
    return {str(path.relative_to(top)): path.read_bytes() for path in found}


def state(folder: Path) -> str:
    """A digest of all that the next run can find, modes of files and the cache included."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        mode = path.lstat().st_mode
        content = path.read_bytes() if path.is_file() and not path.is_symlink() else b""
        digest.update(f"{path.relative_to(folder)} {mode:o} {len(content)}\n".encode() + content)
    return digest.hexdigest()


def chosen(found: Sequence[Call]) -> list[tuple[Call, str]]:
    """The places for faults: all, or a few of them spread over the run, each with another fault."""
    every = [
        (call, fault) for call in found for fault in (("kill", "ENOSPC", "EIO") if call.writes else ("EIO",))
    ]  # fmt: skip
    if EVERY == "all" or len(every) <= FEW:
        return every
    writing = [each for each in every if each[0].writes]
    if EVERY:
        return writing
    return [writing[number * len(writing) // FEW] for number in range(FEW)]


@pytest.mark.parametrize("name", CASES)
def test_every_file_is_old_or_new(origin: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    case, folder, log = CASES[name], tmp_path / "run", tmp_path / "log"
    environment(monkeypatch, folder)
    start = tmp_path / "start"
    shutil.copytree(origin, start, symlinks=True)
    top = prepared(start, folder, case)
    if case.built:
        assert traced(top, log, ("build", "-j1")).returncode == 0
        service = top / "services/cart/service.yaml"
        service.write_text(service.read_text().replace("weight: 80", "weight: 75").replace("weight: 20", "weight: 25"))
    if not case.cached:
        shutil.rmtree(folder / "cache", ignore_errors=True)
        shutil.rmtree(folder / "state", ignore_errors=True)
    shutil.rmtree(start)
    shutil.copytree(folder, start, symlinks=True)
    before = files(top)
    good = traced(top, log, case.arguments)
    assert good.returncode == case.status, good
    after, found = files(top), list(calls(log, folder))
    assert any(call.writes for call in found)
    wrong: list[str] = []
    right: set[str] = set()
    """States from which the next run did what it has to: from the same state it would do the same."""
    for call, fault in chosen(found):
        top = prepared(start, folder, case)
        done = with_fault(top, log, case.arguments, call, fault)
        try:
            check_fault(done.returncode, done.stdout, done.stderr, fault, good.stdout)
            check_files(files(top), before, after, left=fault == "kill")
            left = state(folder)
            if left not in right:
                again = traced(top, log, case.arguments)
                assert again.returncode in (case.status, *case.again), again
                assert files(top) == after
                right.add(left)
        except AssertionError as error:
            wrong.append(f"{call}, {fault}: {done.returncode}, {done.stderr!r}: {str(error)[:400]}")
    assert not wrong, "\n".join(wrong)


def check_fault(status: int, stdout: str, stderr: str, fault: str, good: str) -> None:
    """The run was killed, did its work all the same, or says in one sentence why it did not."""
    assert "Traceback" not in stderr
    assert "fault of sailwright" not in stderr
    assert "Exception ignored" not in stderr
    if fault == "kill":
        assert status in (-9, 137)
    elif status == 3:
        said = [line for line in stderr.splitlines() if line.startswith("sailwright: ")]
        assert said or stderr == "", "a failure has its sentence, where standard error takes one"
    elif status in (1, 2):
        assert "error" in (stdout + stderr).lower() or "space" in stderr
    else:
        assert status == 0
        assert stdout == good, "where nothing is said of a fault, the result is whole"


_TEMPORARY = re.compile(r"(^|/)\.sailwright-")


def check_files(found: Files, before: Files, after: Files, *, left: bool) -> None:
    """Each file is whole; temporaries are there after a kill alone."""
    for path, data in found.items():
        if _TEMPORARY.search(path):
            assert left, f"{path} is left"
            continue
        assert data in (before.get(path), after.get(path)), f"{path} is neither old nor new"
    for path in before.keys() & after.keys():
        assert path in found, f"{path} is gone"
