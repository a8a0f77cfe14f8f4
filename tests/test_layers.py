"""Imports point one way, down the road that the data takes. The order is written here once, and held."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "compiler" / "sailwright"

ROAD = (
    ("errors", "records", "finding", "fingerprint", "forking", "cache", "releases", "__init__"),
    ("source", "emit"),
    ("manifest", "templating", "schema"),
    ("service", "project"),
    ("mesh", "injection", "rule", "report"),
    ("render", "output", "route", "validate", "lint"),
    ("compilation", "rendered_files", "linting", "worlds", "loose", "asked", "building", "traffic_tests"),
    ("edit", "gate"),
    ("pipeline", "validation"),
    ("checking",),
    ("cli", "hook", "__main__"),
)
"""Each part may import from its own row's modules and from the rows above."""

LEVEL = {name: level for level, row in enumerate(ROAD) for name in row}


def imports(path: Path) -> Iterator[str]:
    """Every module of ours that a file imports, lazily or not."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def part(module: str) -> str:
    """`sailwright.source.files.files` belongs to `source`."""
    names = module.split(".")
    return names[1] if len(names) > 1 and names[1] in LEVEL else "__init__"


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_point_down_the_road(path: Path) -> None:
    own = path.relative_to(PACKAGE).with_suffix("").parts[0]
    assert own in LEVEL, f"say in ROAD where `{own}` stands"
    for module in imports(path):
        if module.split(".")[0] == "sailwright":
            assert LEVEL[part(module)] <= LEVEL[own], f"{own} imports {module}, which stands further down the road"


@pytest.mark.parametrize("path", sorted((ROOT / "policies").rglob("*.py")), ids=lambda path: path.stem)
def test_rules_import_only_what_a_rule_needs(path: Path) -> None:
    allowed = {
        "finding",
        "records",
        "mesh",
        "rule",
        "manifest",
        "route",
        "injection",
        "validate",
        "source",
        "errors",
        "releases",
    }
    for module in imports(path):
        if module.split(".")[0] == "sailwright" and module != "sailwright":
            assert part(module) in allowed, f"{path.name} imports {module}"
