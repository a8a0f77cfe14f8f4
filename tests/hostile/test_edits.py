"""No edit of a user's file is written unless it is proven; what is refused leaves the file as it is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.hostile.repositories import CART, project

from sailwright.cli.group import sailwright
from sailwright.commands.edit import target_service
from sailwright.lint.fix import fixed
from sailwright.runtime.errors import Failure
from sailwright.source import splice
from sailwright.source.edit import Edit
from sailwright.source.source import Source, parse

ROOT = Path(__file__).parent.parent.parent


@pytest.mark.parametrize("command", [("weight", "cart", "v2=30"), ("image", "cart", "v1=example.com/cart:2")])
def test_a_splice_with_a_fault_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    """A splice that would also drop a comment, which reading the values again does not show."""
    real = splice.edited

    def faulty(source: Source, index: int, edits: list[Edit]) -> Source | None:
        result = real(source, index, edits)
        return result and parse(result.path, result.data.replace(b"# keep me\n", b"\n"), result.dialect)

    monkeypatch.setattr(target_service, "edited", faulty)
    monkeypatch.chdir(project(tmp_path, CART + "# keep me\n"))
    done = CliRunner().invoke(sailwright, command, standalone_mode=False)
    assert isinstance(done.exception, Failure)
    assert "would lose the comment `# keep me`, so nothing was written" in done.exception.message
    assert (tmp_path / "services/cart/service.yaml").read_text() == CART + "# keep me\n"


def test_fix_leaves_a_file_whose_change_is_not_proven(monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.lint.sample import run, source

    real = splice.edited

    def faulty(file: Source, index: int, edits: list[Edit]) -> Source | None:
        result = real(file, index, edits)
        return result and parse(result.path, result.data.replace(b"other: 1", b"other: 2"), result.dialect)

    file = source("spec: {port: 1}\nother: 1\n")
    answer = run(file)
    refused: list[str] = []
    monkeypatch.setattr(splice, "edited", faulty)
    assert fixed(answer.found, answer.findings, [file], refused) == ((), 0)
    assert len(refused) == 1
    assert refused[0].endswith("so nothing was written; edit the file by hand")


def test_the_second_reader_is_imported_in_one_place() -> None:
    """It is slow: only an edit pays for it."""
    modules = [
        path
        for path in (ROOT / "compiler").rglob("*.py")
        if re.search(r"\bruamel\.yaml import|import ruamel", path.read_text())
    ]
    assert [path.name for path in modules] == ["edit_proof.py"]
