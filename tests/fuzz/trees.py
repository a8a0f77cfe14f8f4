"""Mutations that know the structure: a few changes to a sample, so that most of it still is what it was.

A change is three small values (what to do, where, with what), which hypothesis draws fast and shrinks well.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

from hypothesis import strategies as st
from tests.policies.test_hostile import places, scalars, shapes

from sailwright.diagnostics.finding import Path, value_at
from sailwright.source.emit import emit_all

MOST = 3_000
"""Nodes: a tree that has grown beyond is left as it is. This is what bounds the work, no clock."""

WORDS = (
    "a\nb\n", " x ", "\t", "\x00", "\x07", "\x1b[31m", "\x7f", "\x85", "\u2028", "\ufeff", "\u202e", "\U0001f6a2", "é" * 64,
    "on", "0x1f", "1e3", "1_000", "12:30:45", "2024-01-01", "~", "null", "true", "<<", "=", "-", "---", "...", "# x", "a: b", "&a", "*a",
    "!!int 1", "|", ">", "{{ x }}", "{% for %}", "${X}", "../..", "/etc/passwd", "cart.shop.svc.cluster.local", "*.example.com",
    "a" * 254, "[", "(?P<n>", "(a+)+$", "\\", "%zz", "%00", "::1/129", "10.0.0.0/33", "1h1m1s", "-1s", "9" * 30 + "h", "100%", "1e400", "-0",
    "0.0000000001", "5Gi", "1e9E", "sailwright/v1alpha1", "v1", "List", "Deployment", "VirtualService", "name", "spec", "__class__",
    '{"a":', '{"containers": 7}', "[1]", "false", "80", "0", "65536", "-1",
)  # fmt: skip
NUMBERS = (0, -1, 1, 99, 100, 101, 65535, 65536, 2**31, 2**63, -(2**63), 2**64, 10**300, 0.1, 1e-300, 1e300, -0.0)
ODD: tuple[Any, ...] = (*shapes, *scalars, *WORDS, *NUMBERS, False, [[[]]], [{"name": "x"}, {"name": "x"}])

Tree = dict[str, Any]
Change = tuple[str, int, int]


def copied(value: Any) -> Any:
    """A copy of plain data; `copy.deepcopy` takes ten times as long."""
    if isinstance(value, dict):
        return {key: copied(item) for key, item in value.items()}
    return [copied(item) for item in value] if isinstance(value, list) else value


def as_read(value: Any) -> Any:
    """A tree as its text is read: a whole number that 64 bits do not hold is a float."""
    if isinstance(value, dict):
        return {key: as_read(item) for key, item in value.items()}
    if isinstance(value, list):
        return [as_read(item) for item in value]
    return float(str(value)) if isinstance(value, int) and not -(2**63) <= value < 2**64 else value


def _replace(tree: Tree, path: Path, number: int, _: Sequence[Any]) -> None:
    _put(tree, path, copied(ODD[number % len(ODD)]))


def _drop(tree: Tree, path: Path, _number: int, _: Sequence[Any]) -> None:
    del value_at(tree, path[:-1])[path[-1]]


def _duplicate(tree: Tree, path: Path, number: int, _: Sequence[Any]) -> None:
    """An item once more, or an entry under another key."""
    around, value = value_at(tree, path[:-1]), copied(value_at(tree, path))
    if isinstance(around, list):
        around.insert(number % (len(around) + 1), value)
    else:
        around[_other_key(str(path[-1]), number)] = value


def _rename(tree: Tree, path: Path, number: int, _: Sequence[Any]) -> None:
    """An entry under another key in its place; of a list the items in another order."""
    around = value_at(tree, path[:-1])
    if isinstance(around, list):
        around.reverse()
        return
    renamed = {_other_key(key, number) if key == path[-1] else key: value for key, value in around.items()}
    around.clear()
    around.update(renamed)


def _retype(tree: Tree, path: Path, number: int, _: Sequence[Any]) -> None:
    """The same value as another type."""
    value = value_at(tree, path)
    other: tuple[Any, ...] = ([copied(value)], {"name": copied(value)}, json.dumps(value), str(value), bool(value))
    if isinstance(value, str):
        other = (
            *other,
            int(value) if value.isdecimal() and len(value) < 99 else len(value),
            list(value[:9]),
            value.upper(),
        )
    elif isinstance(value, dict):
        other = (*other, list(copied(value).values()), list(value))
    elif isinstance(value, list):
        other = (*other, {str(index): item for index, item in enumerate(copied(value))}, *copied(value[:1]))
    _put(tree, path, other[number % len(other)])


def _swap(tree: Tree, path: Path, number: int, _: Sequence[Any]) -> None:
    """The values of two places, one for the other."""
    every = list(places(tree))
    other = every[number % len(every)]
    if path[: len(other)] == other or other[: len(path)] == path:
        return
    one, two = value_at(tree, path), value_at(tree, other)
    _put(tree, path, two)
    _put(tree, other, one)


def _splice(tree: Tree, path: Path, number: int, donors: Sequence[Any]) -> None:
    """A part of some sample in the place of a part of this one."""
    donor = donors[number % len(donors)]
    every = list(places(donor)) or [()]
    _put(tree, path, copied(value_at(donor, every[number // len(donors) % len(every)])))


def _lengthen(tree: Tree, path: Path, number: int, _: Sequence[Any]) -> None:
    """A text, a number or a list that is much longer."""
    value = value_at(tree, path)
    if isinstance(value, str | list):
        if len(value) < MOST:  # a file that is too large is refused as a whole, whatever is in it
            _put(tree, path, copied((value or "x") * (2 + number % 30)))
    elif isinstance(value, int | float):
        _put(tree, path, value * 10 ** (number % 25))


_CHANGES: dict[str, Callable[[Tree, Path, int, Sequence[Any]], None]] = {
    "replace": _replace, "drop": _drop, "duplicate": _duplicate, "rename": _rename, "retype": _retype, "swap": _swap,
    "splice": _splice, "lengthen": _lengthen,
}  # fmt: skip

CHANGE: st.SearchStrategy[Change] = st.tuples(
    st.sampled_from(sorted(_CHANGES)), st.integers(0, MOST - 1), st.integers(0, 9_999)
)
CHANGES = st.lists(CHANGE, min_size=1, max_size=4)


def mutated(tree: Tree, changes: Sequence[Change], donors: Sequence[Any]) -> Tree:
    """A copy of a map with some changes; places and values are counted round, so that every number means one."""
    changed: Tree = copied(tree)
    for change, place, number in changes:
        every = list(places(changed))
        if not every or len(every) > MOST:
            break
        _CHANGES[change](changed, every[place % len(every)], number, donors)
    return changed


def texts(trees: Sequence[Any]) -> tuple[str, str]:
    """Trees as YAML, and as the JSON that a program prints."""
    return emit_all(trees), "\n---\n".join(json.dumps(tree) for tree in trees)


def _put(tree: Tree, path: Path, value: Any) -> None:
    value_at(tree, path[:-1])[path[-1]] = value


def _other_key(key: str, number: int) -> str:
    other = ("", key.upper(), f"{key}x", f"{key}\n", "name", "1", *WORDS)
    return other[number % len(other)]
