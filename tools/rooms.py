"""Draw the import graph of the tree: rooms, floors, arrows, circles. `python tools/rooms.py [--modules]`.

A room is a top folder of `compiler/sailwright`, or one of the other two source roots. An arrow is a room that imports
another. Every import counts: at the top of a module, in a function, and for types alone. The order of the floors is written here, and
tests/test_layers.py holds the tree to it.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

ROOT = Path(__file__).parent.parent
SOURCE_ROOTS = ("compiler", "policies", "templates")

FLOORS: Mapping[str, int] = {
    "cli": 8,
    "commands": 7,
    "workspace": 6,
    "policies": 6,
    "lint": 5,
    "validate": 5,
    "route": 5,
    "render": 5,
    "mesh": 4,
    "project": 4,
    "source": 3,
    "diagnostics": 2,
    "runtime": 1,
    "templates": 1,
    "__init__": 0,
}
"""The floor of each room. A room imports rooms of lower floors only."""

OF_THE_RULES = "sailwright_policies"
OF_THE_TEMPLATES = "sailwright_templates"

Graph = dict[str, set[str]]
"""Who imports whom, by dotted module name."""


def modules(root: Path = ROOT) -> dict[str, Path]:
    """Every module of the three source roots, by its dotted name."""
    found: dict[str, Path] = {}
    for folder in SOURCE_ROOTS:
        for path in sorted((root / folder).rglob("*.py")):
            parts = path.relative_to(root / folder).with_suffix("").parts
            found[".".join(parts[:-1] if parts[-1] == "__init__" and len(parts) > 1 else parts)] = path
    return found


def imports(text: str) -> Iterator[tuple[str, str]]:
    """What a module imports, as pairs of a module and a name in it (empty for `import x.y`)."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            yield from ((node.module, alias.name) for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from ((alias.name, "") for alias in node.names)


def graph(found: Mapping[str, Path]) -> Graph:
    """The imports among these modules. A package stands for itself only where a name of its `__init__` is taken."""
    drawn: Graph = {name: set() for name in found}
    for name, path in found.items():
        for module, part in imports(path.read_text(encoding="utf-8")):
            target = f"{module}.{part}" if f"{module}.{part}" in found else module
            if target in found and target != name:
                drawn[name].add(target)
    return drawn


def room(module: str) -> str:
    """`sailwright.source.files.disk` lies in the room `source`; `python -I -m sailwright` is a door of `cli`."""
    first, _, rest = module.partition(".")
    if first in (OF_THE_RULES, OF_THE_TEMPLATES):
        return "policies" if first == OF_THE_RULES else "templates"
    name = rest.partition(".")[0] or "__init__"
    return "cli" if name == "__main__" else name


def arrows(drawn: Graph) -> dict[tuple[str, str], list[tuple[str, str]]]:
    """The imports between two rooms, by the pair of rooms."""
    found: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for name, targets in drawn.items():
        for target in sorted(targets):
            if room(name) != room(target):
                found.setdefault((room(name), room(target)), []).append((name, target))
    return found


def violations(drawn: Graph) -> list[str]:
    """The imports that do not go down, and the rooms that have no floor, each as a sentence."""
    unknown = sorted({room(name) for name in drawn} - FLOORS.keys())
    wrong = [f"the room `{name}` has no floor: give it one in tools/rooms.py" for name in unknown]
    for (above, below), between in sorted(arrows(drawn).items()):
        if FLOORS.get(above, 0) <= FLOORS.get(below, 0) and {above, below}.isdisjoint(unknown):
            wrong += [f"{name} imports {target}: `{below}` is not below `{above}`" for name, target in between]
    return wrong


def circles(drawn: Graph) -> list[list[str]]:
    """The groups of modules that import each other, by Tarjan's algorithm; empty where there is no circle."""
    order: dict[str, int] = {}
    low: dict[str, int] = {}
    path: list[str] = []
    found: list[list[str]] = []

    def visit(name: str) -> None:
        order[name] = low[name] = len(order)
        path.append(name)
        for target in sorted(drawn[name]):
            if target not in order:
                visit(target)
            if target in path:
                low[name] = min(low[name], low[target])
        if low[name] == order[name]:
            start = path.index(name)
            if len(path) - start > 1:
                found.append(sorted(path[start:]))
            del path[start:]

    for name in sorted(drawn):
        if name not in order:
            visit(name)
    return found


def sheet(drawn: Graph) -> Iterable[str]:
    """The picture in words: floors from the top, each room with the rooms it imports; then the figures."""
    between = arrows(drawn)
    rooms = sorted({room(name) for name in drawn}, key=lambda name: (-FLOORS.get(name, 0), name))
    for name in rooms:
        size = sum(room(module) == name for module in drawn)
        below = " ".join(sorted(target for source, target in between if source == name))
        yield f"{FLOORS.get(name, '?')}  {name:<12} {size:>4} modules  -> {below or '-'}"
    floors = len({FLOORS.get(name, 0) for name in rooms})
    yield f"{len(rooms)} rooms, {floors} floors, {len(between)} arrows, {len(circles(drawn))} circles"


def main() -> int:
    """Print the sheet, then what is against the order; 1 where anything is."""
    drawn = graph(modules())
    print("\n".join(sheet(drawn)))
    wrong = [*violations(drawn), *(f"circle: {', '.join(each)}" for each in circles(drawn))]
    print("\n".join(wrong) if wrong else "every import goes down")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.setrecursionlimit(10_000)
    sys.exit(main())
