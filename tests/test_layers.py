"""Imports go strictly down: each room is on one floor, and no modules import each other in a circle."""

from __future__ import annotations

from pathlib import Path

import pytest
from tools.rooms import FLOORS, arrows, circles, graph, modules, room, violations

ROOT = Path(__file__).parent.parent
TREE = graph(modules())


def test_every_import_goes_to_a_lower_floor() -> None:
    assert violations(TREE) == []


def test_no_modules_import_each_other_in_a_circle() -> None:
    assert circles(TREE) == []


def test_every_room_is_there_and_none_is_loose() -> None:
    """Beside the rooms there are only the two doors, `__init__` and `__main__`."""
    assert {room(name) for name in TREE} == FLOORS.keys()
    loose = {path.name for path in (ROOT / "compiler" / "sailwright").iterdir() if path.is_file()}
    assert loose == {"__init__.py", "__main__.py", "py.typed"}


def test_the_house_stays_small() -> None:
    assert len(FLOORS) <= 17
    assert len(set(FLOORS.values())) <= 9
    assert len(arrows(TREE)) <= 90


RULES_MAY_USE = {"diagnostics", "lint", "mesh", "render", "route", "source", "validate", "runtime"}


def test_rules_import_only_what_a_rule_needs() -> None:
    assert {below for (above, below) in arrows(TREE) if above == "policies"} <= RULES_MAY_USE


# -- planted violations: the check itself is checked


def planted(tmp_path: Path, files: dict[str, str]) -> dict[str, set[str]]:
    """The graph of a tree of our shape that holds these modules."""
    for name, text in files.items():
        path = tmp_path / "compiler" / "sailwright" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return graph(modules(tmp_path))


@pytest.mark.parametrize(
    "text",
    [
        "import sailwright.cli.door\n",
        "from sailwright.cli import door\n",
        "from sailwright.cli.door import enter\n",
        "def late() -> None:\n    from sailwright.cli.door import enter\n",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from sailwright.cli.door import enter\n",
    ],
    ids=["module", "package", "name", "in a function", "for types alone"],
)
def test_an_import_upwards_is_caught(tmp_path: Path, text: str) -> None:
    found = violations(planted(tmp_path, {"mesh/host.py": text, "cli/door.py": "enter = 1\n"}))
    assert found == ["sailwright.mesh.host imports sailwright.cli.door: `cli` is not below `mesh`"]


def test_an_import_along_one_floor_is_caught(tmp_path: Path) -> None:
    tree = {"lint/run.py": "from sailwright.validate import judge\n", "validate/judge.py": ""}
    assert violations(planted(tmp_path, tree)) == [
        "sailwright.lint.run imports sailwright.validate.judge: `validate` is not below `lint`"
    ]


def test_a_room_without_a_floor_is_caught(tmp_path: Path) -> None:
    found = violations(planted(tmp_path, {"attic.py": ""}))
    assert found == ["the room `attic` has no floor: give it one in tools/rooms.py"]


def test_a_circle_inside_a_room_is_caught(tmp_path: Path) -> None:
    tree = {
        "mesh/one.py": "from sailwright.mesh.two import second\n",
        "mesh/two.py": "def second() -> None:\n    from sailwright.mesh.three import third\n",
        "mesh/three.py": "import sailwright.mesh.one\n",
        "mesh/apart.py": "from sailwright.mesh.one import first\n",
    }
    names = ["sailwright.mesh.one", "sailwright.mesh.three", "sailwright.mesh.two"]
    assert circles(planted(tmp_path, tree)) == [names]
