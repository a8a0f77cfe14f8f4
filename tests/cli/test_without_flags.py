"""`build` and `lint` of PATHS alone run without click, and do what they do with it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from tests.hostile.repositories import CART, own_store

from sailwright.cli import build_run, lint_run, main
from sailwright.cli.group import run_group
from sailwright.cli.without_flags import without_flags
from sailwright.source.files import stamps

PROJECT = "apiVersion: sailwright/v1alpha1\nservices: ['services/*/service.yaml']\nistio: {version: 1.31.0}\n"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project of one service, with a cache of its own."""
    own_store(monkeypatch, tmp_path)
    folder = tmp_path / "project"
    (folder / "services" / "cart").mkdir(parents=True)
    (folder / "sailwright.yaml").write_text(PROJECT)
    (folder / "services" / "cart" / "service.yaml").write_text(CART)
    monkeypatch.chdir(folder)
    return folder


@pytest.mark.parametrize(
    "arguments", [["build"], ["build", "services"], ["lint"], ["lint", "services/cart/service.yaml", "services"]]
)
def test_a_command_is_asked_for_the_same_with_click_and_without(
    project: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str]
) -> None:
    """Every flag has the same value where none is given."""
    asked: list[Any] = []

    def noted(*values: Any, **named: Any) -> int:
        asked.append((values, sorted(named.items())))
        return 0

    monkeypatch.setattr(build_run, "_once", noted)
    monkeypatch.setattr(lint_run, "run", noted)
    run = without_flags(arguments)
    assert run is not None
    assert run() == run_group(arguments) == 0
    assert asked[0] == asked[1]


@pytest.mark.parametrize(
    "arguments", [[], ["--version"], ["build", "--check"], ["lint", "-"], ["lint", "--", "x"], ["validate"], ["biuld"]]
)
def test_click_reads_every_other_command_line(arguments: list[str]) -> None:
    assert without_flags(arguments) is None


def test_a_shell_that_asks_for_words_is_answered_by_click(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("_SAILWRIGHT_COMPLETE", "bash_complete")
    assert without_flags(["build"]) is None


@pytest.mark.parametrize(
    "arguments",
    [["build"], ["build", "nowhere"], ["build", "sailwright.yaml"], ["lint"], ["lint", "nowhere"], ["lint", "empty"]],
)
def test_what_is_printed_is_the_same(
    project: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    (project / "empty").mkdir()
    main(arguments)
    capfd.readouterr()
    status = main(arguments)
    told = [text.rpartition(";")[0] or text for text in capfd.readouterr()]
    monkeypatch.setattr("sailwright.cli.without_flags.without_flags", lambda _arguments: None)
    assert main(arguments) == status
    assert [text.rpartition(";")[0] or text for text in capfd.readouterr()] == told


@pytest.mark.parametrize(("command", "spared"), [("build", {"click", "jsonschema_rs", "inspect"}), ("lint", {"click"})])
def test_what_a_sound_run_has_no_use_for_is_not_imported(project: Path, command: str, spared: set[str]) -> None:
    """After an edit; the first run compiles templates and asks every rule."""
    assert main([command]) in (0, 1)
    service = project / "services" / "cart" / "service.yaml"
    service.write_text(service.read_text().replace("image: ", "image: other."))
    code = f"import sys; from sailwright.cli import main; main(['{command}']); print(*sys.modules, file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert spared.isdisjoint(done.stderr.split())


def test_a_build_of_what_has_not_changed_imports_nothing_that_reads_files(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It compares what stat says. `typing` and `re` take as long to load as all modules of ours that this needs."""
    monkeypatch.setattr(stamps, "YOUNG", 0)
    (project / "sailwright.yaml").write_text(PROJECT.replace("1.31.0", "1.31.0, sidecarMode: native"))
    assert (
        main(["build"]) == main(["build"]) == 0
    )  # the second one sees that folders, new as they are, hold nothing else
    code = (
        "import sys; before = {*sys.modules}; import sailwright.source.files.stamps as stamps; stamps.YOUNG = 0;"
        "from sailwright.cli import main; main(['build']); print(*sys.modules.keys() - before)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    spared = {"typing", "re", "yaml", "sailwright.source.files.checkout", "sailwright.diagnostics.finding"}
    assert "0 written, 4 unchanged" in done.stderr
    assert spared.isdisjoint(done.stdout.split())
