"""What is printed is clean in every stream and format, and a stream that is closed or narrow is no crash."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Generator, Sequence
from pathlib import Path

import pytest
from tests.hostile.repositories import CART, PROJECT, git, in_process, project

from sailwright.diagnostics.report.clean import json_text, printable, snippet, whole_line
from sailwright.runtime.errors import Failure
from sailwright.runtime.process_pool import spread

EVIL = "x\n::error file=a::owned\r\n##[error]owned ##vso[task.complete]\x1b[31m\x1b]0;t\x07\u202e\u2028end"
ONE_LINE = "::error ##[warning]owned"

COMMAND = re.compile(r"^\s*::[a-z]+|##[a-z]*\[", re.MULTILINE | re.IGNORECASE)
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u2028\u2029]")
FORMATS = ("text", "json", "sarif", "junit", "gitlab", "checkstyle", "markdown")


def assert_clean(done: subprocess.CompletedProcess[str], what: object) -> None:
    for text in (done.stdout, done.stderr):
        assert not COMMAND.search(text), (what, COMMAND.findall(text), text)
        assert not CONTROL.search(text), (what, text)
        assert "Traceback" not in text, (what, text)
        assert "fault of sailwright" not in text, (what, text)


def quoted(text: str) -> str:
    return json.dumps(text)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    top = project(tmp_path / "repository")
    git(top, "init", "-q")
    git(top, "add", ".")
    git(top, "commit", "-qm", "base")
    return top


SERVICES = {
    "a name": CART.replace("name: cart\n", f"name: {quoted(EVIL)}\n"),
    "an image": CART.replace('"example.com/cart:1.0.0"', quoted(f"example.com/{EVIL}")),
    "an owner": CART.replace("team-shop", quoted(EVIL)),
    "a key": CART + f"{quoted(EVIL)}: 1\n",
    "a version": CART.replace("name: v1", f"name: {quoted(EVIL)}"),
    "a file": CART + f"config: {{files: [{quoted(EVIL)}]}}\n",
    "an include": CART + f"include: [{quoted(ONE_LINE)}]\n",
    "a route": CART + f"routes: [{{name: {quoted(EVIL)}, match: {{path: /a}}, to: {{{quoted(EVIL)}: 100}}}}]\n",
    "an environment": CART + f"environments: {{{quoted(EVIL)}: {{}}}}\n",
    "broken": CART + f"\n{ONE_LINE}: [\n",
}


@pytest.mark.parametrize("what", SERVICES)
def test_values_of_a_service(repository: Path, what: str) -> None:
    (repository / "services/cart/service.yaml").write_text(SERVICES[what])
    for form in FORMATS:
        assert_clean(in_process(repository, "lint", "--format", form), form)
    for command in (
        ("build",),
        ("check",),
        ("diff", "--base", "HEAD"),
        ("weight", "cart", "v2=30"),
        ("image", "cart", "v1=a:1"),
        ("test",),
    ):
        assert_clean(in_process(repository, *command), command)


PROJECTS = {
    "an output path": PROJECT + f"output: {{path: {quoted(EVIL)}}}\n",
    "a pattern": PROJECT.replace('"services/*/service.yaml"', f'"services/*/service.yaml", {quoted(EVIL)}'),
    "a manifest": PROJECT + f"manifests: [{{paths: [{quoted(EVIL)}]}}]\n",
    "an environment": PROJECT.replace("staging: {}", f"{quoted(EVIL)}: {{}}"),
    "a version": PROJECT.replace("1.30.3", quoted(EVIL)),
    "a requirement": PROJECT + f"requires: {quoted(EVIL)}\n",
    "a value": PROJECT.replace("sidecarMode: native", f"values: {quoted(EVIL)}"),
    "a rule": PROJECT + f"lint: {{rules: {{{quoted(EVIL)}: off}}, locked: [{quoted(EVIL)}]}}\n",
}


@pytest.mark.parametrize("what", PROJECTS)
def test_values_of_a_project(repository: Path, what: str) -> None:
    (repository / "sailwright.yaml").write_text(PROJECTS[what])
    for command in (
        ("build",),
        ("lint", "--config-ref", "HEAD"),
        ("check",),
        ("diff", "--base", "HEAD"),
        ("validate",),
        ("weight", "cart", "v2=1"),
        ("new", "a"),
    ):
        assert_clean(in_process(repository, *command), command)


@pytest.mark.parametrize("text", [EVIL, ONE_LINE, "::error::x", "  ::error::x", "##[error]x"])
def test_words_of_a_command_line(repository: Path, text: str) -> None:
    """A workflow passes branch names, file names and image tags on."""
    for command in (
        ("lint", text), ("lint", "--config-ref", text), ("diff", "--base", text), ("build", text), ("build", "--env", text),
        ("weight", text, "v2=30"), ("weight", "cart", f"{text}=30"), ("image", "cart", f"v1={text}"), ("image", "cart", f"{text}=a"),
        ("weight", "cart", "v2=30", "--route", text), ("new", text), ("explain", text), ("lint", "--select", text), (text,),
        ("route", text), ("route", "--url", text), ("inject", "-f", text), ("validate", text), ("check", "--base", text),
        ("lint", "--format", text), ("schema", "import", text), ("build", "--project", text), ("lint", "--baseline", text),
        ("init", "--from", text),
    ):  # fmt: skip
        done = in_process(repository, *command)
        assert_clean(done, command)
        assert done.returncode in (0, 1, 2, 3), command
        assert done.stderr.count("\n") <= 4, (command, done.stderr)


@pytest.mark.parametrize(
    "name", ["::error::owned.yaml", "##[error]x.yaml", "a\n::error::b.yaml", "a\x1b[31mb.yaml", "\u202eb.yaml"]
)
def test_names_of_files(repository: Path, name: str) -> None:
    for text in ("apiVersion: [\n", "apiVersion: v1\nkind: Pod\nspec: 1\n", "kind: Service\n"):
        (repository / name).write_text(text)
        (repository / "services" / name).write_text(text)
        for form in FORMATS:
            assert_clean(in_process(repository, "lint", ".", "--format", form), (form, text))
        for command in (
            ("validate", "."),
            ("check",),
            ("lint", name),
            ("route", "--url", "http://a", name),
            ("init", "--from", name),
        ):
            assert_clean(in_process(repository, *command), (command, text))


def test_the_functions() -> None:
    assert not COMMAND.search(printable(ONE_LINE).replace("::error", ""))
    assert whole_line("  ::error::x") == "  : :error::x"
    assert whole_line("a ::error::x") == "a ::error::x"
    assert snippet("##vso[x").startswith("# vso")
    assert len(snippet("##vso[x")) == len("##vso[x")
    assert json.loads(json_text(json.dumps({"##[a": "####[b ##vso[c ## ["}))) == {"##[a": "####[b ##vso[c ## ["}
    assert not COMMAND.search(json_text(json.dumps("####[b ##vso[c")))


SHELL = {"stdout": ">&-", "stderr": "2>&-", "both": ">&- 2>&-", "stdin": "<&-", "all": "<&- >&- 2>&-"}


@pytest.mark.parametrize("closed", SHELL)
def test_closed_streams(repository: Path, closed: str) -> None:
    """A result that has nowhere to go is a failure in one sentence; what has no result does its work."""
    (repository / "bad.yaml").write_text("apiVersion: [\n")
    for arguments, statuses in (
        ("lint bad.yaml", (1, 3)), ("rules", (0, 3)), ("build", (0,)), ("build --stdout --env prod", (0, 3)), ("lint -", (0, 1, 2, 3)),
        ("lint bad.yaml --format json", (1, 3)),
    ):  # fmt: skip
        line = f"{sys.executable} -I -m sailwright {arguments} {SHELL[closed]}"
        done = subprocess.run(["bash", "-c", line], cwd=repository, capture_output=True, text=True, check=False)
        assert_clean(done, arguments)
        assert done.returncode in statuses, (arguments, done)
        if closed == "stdout" and done.returncode == 3:
            assert "standard output is closed, so there is nowhere to print the result" in done.stderr
    for path in (repository / "rendered").rglob("*.yaml"):
        assert path.read_text().startswith("# "), "no message went into a file that got a closed stream's number"


@pytest.mark.parametrize("arguments", [("rules",), ("lint", "bad.yaml"), ("build", "--stdout", "--env", "prod")])
def test_a_full_device(repository: Path, arguments: tuple[str, ...]) -> None:
    (repository / "bad.yaml").write_text("apiVersion: [\n")
    with open("/dev/full", "w") as full:
        command = [sys.executable, "-I", "-m", "sailwright", *arguments]
        done = subprocess.run(command, cwd=repository, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 3
    assert "No space left on device" in done.stderr
    assert "Traceback" not in done.stderr
    assert "Exception ignored" not in done.stderr


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252", "utf-8"])
def test_a_narrow_terminal(repository: Path, encoding: str) -> None:
    (repository / "b\u00e4d.yaml").write_text("apiVersion: v1\nkind: \u4e2d\u6587\nmetadata: {name: [\n")
    (repository / "services/cart/service.yaml").write_text(CART.replace("team-shop", "\u00e9\u4e2d"))
    plain = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"} if encoding == "ascii" else {}
    env = os.environ | plain | {"PYTHONIOENCODING": encoding}
    command = [sys.executable, "-m", "sailwright"]  # isolated mode would not read the variable
    for arguments in (
        ["lint", "."],
        ["build"],
        ["check"],
        ["diff", "--base", "HEAD"],
        ["lint", "--format", "junit", "."],
    ):
        done = subprocess.run([*command, *arguments], cwd=repository, env=env, capture_output=True, check=False)
        assert b"Traceback" not in done.stderr
        assert b"fault of sailwright" not in done.stderr
        assert done.returncode in (0, 1), (arguments, done.stderr)
    assert encoding == "ascii" or "\u00e4" in done.stdout.decode("utf-8"), "what a program reads is UTF-8"


def _dying(share: int) -> Generator[int, int, int]:
    if share == 2:
        os.kill(os.getpid(), signal.SIGKILL)
    heard = yield share
    if share == 1:
        os.kill(os.getpid(), signal.SIGKILL)
    return heard


def _sum(said: Sequence[int]) -> int:
    return sum(said)


@pytest.mark.parametrize("shares", [[0, 1], [0, 2], [0, 1, 2], [0, 2, 3], [0, 3, 2]])
def test_a_killed_worker_is_a_sentence(shares: list[int]) -> None:
    """The kernel kills a process when memory is short, before it has said anything or after."""
    with pytest.raises(Failure, match="a worker process ended too early, perhaps for lack of memory") as failure:
        spread(shares, _dying, _sum)
    assert failure.value.status == 3


def test_a_worker_killed_from_outside(tmp_path: Path) -> None:
    top = project(tmp_path / "repository")
    for number in range(120):
        folder = top / "services" / f"cart{number}"
        folder.mkdir()
        (folder / "service.yaml").write_text(CART.replace("name: cart\n", f"name: c{number}\n"))
    (top / "services/cart/service.yaml").unlink()
    command = [sys.executable, "-I", "-m", "sailwright", "build", "--no-cache", "-j", "3"]
    killed = 0
    for turn in range(5):
        process = subprocess.Popen(command, cwd=top, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        until = time.monotonic() + 5
        children: list[str] = []
        while not children and process.poll() is None and time.monotonic() < until:
            children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        time.sleep(0.02 * turn)
        for child in children[:1]:
            try:
                os.kill(int(child), signal.SIGKILL)
            except ProcessLookupError:
                continue
        _, stderr = process.communicate(timeout=60)
        assert process.returncode in (0, 3), stderr
        if process.returncode == 3:
            killed += 1
            assert "a worker process ended too early, perhaps for lack of memory: try -j 1" in stderr
            assert stderr.count("\n") == 1
    assert killed
