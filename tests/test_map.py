"""The map in CONTRIBUTING.md and in the docstrings of the rooms is the tree as it is."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from tools.rooms import FLOORS

from sailwright.cli.command_names import COMMANDS
from sailwright.cli.options import FORMATS
from sailwright.mesh.values.releases import LINES

ROOT = Path(__file__).parent.parent
MAP = (ROOT / "CONTRIBUTING.md").read_text()
HOMES = {"policies": "policies/sailwright_policies", "templates": "templates/sailwright_templates"}
ROOMS = {name: HOMES.get(name, f"compiler/sailwright/{name}") for name in FLOORS if name != "__init__"}
PACKAGES = sorted(
    path.relative_to(ROOT)
    for top in ("compiler", "policies", "templates")
    for path in (ROOT / top).rglob("__init__.py")
)

HOLD_CODE = {
    "compiler/sailwright/__init__.py": "the version",
    "compiler/sailwright/cli/__init__.py": "runs a command",
    "policies/sailwright_policies/__init__.py": "the rules, imported when all are wanted",
    "templates/sailwright_templates/__init__.py": "the folder on disk",
}
"""The packages that are more than their docstring, and what they hold."""


def docstring(path: Path) -> str:
    return ast.get_docstring(ast.parse((ROOT / path).read_text())) or ""


def test_every_path_on_the_map_is_there() -> None:
    named = set(re.findall(r"`((?:compiler|policies|templates|tools|tests|docs)/[^`*]*)`", MAP))
    placeholders = {"policies/sailwright_policies/KIND/RULE.py"}
    assert placeholders <= named
    assert [path for path in sorted(named - placeholders) if not (ROOT / path).exists()] == []


def test_the_map_has_every_room_on_its_floor_and_no_other() -> None:
    drawn = {path: int(floor) for floor, path in re.findall(r"^\| (\d) \| `([^`]+)/` \|", MAP, re.MULTILINE)}
    assert drawn == {path: FLOORS[name] for name, path in ROOMS.items()}


@pytest.mark.parametrize("name", ROOMS)
def test_a_room_says_what_it_is_and_where_to_begin(name: str) -> None:
    """Its first line says what it is; then its floor, what goes in and comes out, and files to begin with, which exist."""
    folder = ROOT / ROOMS[name]
    text = docstring(folder / "__init__.py")
    assert re.search(r"\bFloor (\d)\. In: .* Out: ", text, re.DOTALL), text
    assert f"Floor {FLOORS[name]}." in text
    begin = text.partition("Begin with ")[2]
    named = re.findall(r"[\w./-]+\.(?:py|j2|md|yaml)\b", begin)
    assert named or "`COMMANDS`" in begin
    assert [each for each in named if not (folder / each).exists() and not (ROOT / each).exists()] == []
    folders = re.findall(r"\b([a-z_]+)/(?![\w.])", text.partition("Begin with ")[2])
    assert [each for each in folders if not (folder / each).is_dir() and not (folder.parent / each).is_dir()] == []


@pytest.mark.parametrize("path", PACKAGES, ids=str)
def test_a_package_is_its_docstring(path: Path) -> None:
    body = ast.parse((ROOT / path).read_text()).body
    assert docstring(path)
    assert len(body) == 1 or str(path) in HOLD_CODE


def test_what_the_map_says_of_its_examples_is_true() -> None:
    """A command has a module of flags, a format a module, a release its templates or those of an earlier one."""
    package = ROOT / "compiler" / "sailwright"
    assert {path.stem for path in (package / "cli").glob("*.py")} >= {name.replace("-", "_") for name in COMMANDS}
    formats = {path.stem.removeprefix("versioned_") for path in (package / "diagnostics" / "report").glob("*.py")}
    assert formats >= set(FORMATS)
    folders = {path.name for path in (ROOT / "templates" / "sailwright_templates").iterdir() if path.name[0].isdigit()}
    assert folders <= {line.name for line in LINES}
