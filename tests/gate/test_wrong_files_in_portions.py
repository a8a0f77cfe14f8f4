"""With an error in some service files a large project is still done some services at a time, and says what the whole mesh says."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from tests.gate.test_check_in_portions import linked
from tests.gate.test_kept_check import with_tests
from tests.hostile.repositories import fresh_run, git, in_process, own_store
from tests.lint.test_lint_in_portions import small

from sailwright.commands.build import render_all
from sailwright.workspace import load as loading

COMMANDS = (
    ("lint", "-j1"),
    ("check", "--base", "HEAD"),
    ("validate", "--backend", "builtin"),
    ("test",),
    ("build", "--check", "-j2"),
)


def edited(change: Callable[[str], str]) -> Callable[[Path], object]:
    """Have a service file say something else."""
    return lambda file: file.write_text(change(file.read_text()))


WRONG: dict[str, Callable[[Path], object]] = {
    "an unknown key": edited(lambda text: text + "unknown: 1\n"),
    "no YAML": edited(lambda text: text + "unknown: [1\n"),
    "no YAML from the start": edited(lambda text: "}" + text),
    "a key twice": edited(lambda text: text + "ports: []\n"),
    "nothing": edited(lambda _: ""),
    "no name": edited(lambda text: text.replace("name: ", "nam: ", 1)),
    "a port that is none": edited(lambda text: text.replace("port: 80", "port: none")),
    "a route to nowhere": edited(lambda text: text.replace("{v1: 90, v2: 10}", "{v1: 90, v3: 10}")),
    "another service beside": edited(
        lambda text: text + "---\n" + text.replace("name: ", "name: more-", 1) + "unknown: 1\n"
    ),
    "one environment": edited(lambda text: text + "environments: {nowhere: {timeout: 1s}}\n"),
    "a test that asks too much": edited(lambda text: text + "tests: [{name: x, request: {path: 1}, expect: {}}]\n"),
}
"""What is wrong with one file by itself."""

BESIDE: dict[str, Callable[[Path], object]] = {
    "no text": lambda file: file.write_bytes(b"\xff\xfe\xff" + file.read_bytes()),
    "the name of another": lambda file: file.write_text(max(file.parent.parent.glob("*/service.yaml")).read_text()),
    "what it includes": edited(lambda text: text + "include: [gone.yaml]\n"),
}
"""What one process words best that has read all."""


def of(done: subprocess.CompletedProcess[str]) -> tuple[int, str, str]:
    """What a command says, but for the time that it took."""
    return done.returncode, done.stdout, re.sub(r"[\d.]+ s$", "", done.stderr, flags=re.MULTILINE)


def alike(
    folder: Path, patch: pytest.MonkeyPatch, *, portions: bool, commands: Sequence[tuple[str, ...]] = COMMANDS
) -> None:
    """Commands say what they say of the whole mesh, which is not loaded."""
    for command in commands:
        alone = ["-j1" if each == "-j2" else each for each in command]
        expected = of(fresh_run(folder, *alone, "--format", "json"))
        with patch.context() as here:
            if portions:
                here.setattr(loading, "_in_project", lambda *_: 1 / 0)
                if "-j2" in command:
                    here.setattr(render_all, "compile_loaded", lambda *_, **__: 1 / 0)
            assert of(in_process(folder, *command, "--format", "json")) == expected, command


def opened(make: Callable[[Path], Path], folder: Path, patch: pytest.MonkeyPatch) -> Path:
    """A project with a store of its own that is taken for a large one, in portions of one or two services."""
    own_store(patch, folder)
    small(patch)
    patch.setattr(render_all, "MANY", 1)
    made = make(folder / "project")
    in_process(made, "build")
    return made


def first(folder: Path) -> Path:
    return min(folder.glob("services/*/service.yaml"))


@pytest.mark.parametrize("wrong", [*WRONG, *BESIDE])
def test_any_command_says_what_it_says_of_the_whole_mesh(
    wrong: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = opened(with_tests, tmp_path, monkeypatch)
    (WRONG | BESIDE)[wrong](first(folder))
    alike(folder, monkeypatch, portions=wrong in WRONG, commands=(COMMANDS[0], COMMANDS[-1]))


@pytest.mark.parametrize(("wrong", "make"), [("an unknown key", linked), ("no YAML", with_tests)])
def test_results_of_the_sound_project_are_of_no_harm(
    wrong: str, make: Callable[[Path], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor are those of the wrong one when it is sound again. Tests that are asked by a service which is not there load the whole mesh."""
    folder = opened(make, tmp_path, monkeypatch)
    for command in COMMANDS:
        in_process(folder, *command)
    file = first(folder)
    before = file.read_bytes()
    WRONG[wrong](file)
    alike(folder, monkeypatch, portions=make is linked, commands=COMMANDS[1:])
    file.write_bytes(before)
    alike(folder, monkeypatch, portions=True, commands=COMMANDS[1:2])


def test_several_files_one_after_the_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And a change of a sound one beside; the base may have an error, too."""
    folder = opened(linked, tmp_path, monkeypatch)
    one, another, *_, last = sorted(folder.glob("services/*/service.yaml"))
    WRONG["an unknown key"](one)
    WRONG["no YAML"](last)
    alike(folder, monkeypatch, portions=True, commands=COMMANDS[:2])
    git(folder, "-c", "user.name=a", "-c", "user.email=a@example.com", "commit", "-qam", "wrong")
    another.write_text(another.read_text().replace("port: 80", "port: 81"))
    alike(folder, monkeypatch, portions=False, commands=COMMANDS[:2])
    one.write_text(one.read_text().replace("unknown: 1\n", ""))
    alike(folder, monkeypatch, portions=False, commands=COMMANDS[1:2])
