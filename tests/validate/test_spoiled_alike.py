"""One field of one object is wrong, after many that are alike and right: it is reported as it is of the object alone."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest

from sailwright.diagnostics.finding import Path as Keys
from sailwright.source.emit_proven import emit_proven
from sailwright.source.source import parse
from sailwright.validate.run import judge
from sailwright.validate.webhook_checks import destination_rule, http_route, unreachable

ROOT = Path(__file__).parents[2]
TEXTS = (
    "",
    "UPPER_",
    "*",
    "1h",
    "-1s",
    "5xx",
    "MUTUAL",
    "DENY",
    "a/b",
    "[a",
    "101%",
    "x" * 300,
    "10.0.0.0/33",
    "{{ x }}",
)
NUMBERS = (0, -1, 1, 101, 600, 65_536, 2**31, 2**63)
OTHERS = (None, True, False, "", 0)


def largest_of_each_kind() -> dict[str, dict[str, Any]]:
    """Of each kind that the examples render, the object that says most."""
    found: dict[str, dict[str, Any]] = {}
    for path in sorted(ROOT.glob("examples/*/rendered/**/*.yaml")):
        for document in parse(str(path), path.read_bytes(), "manifest").documents:
            value, kind = document.value, document.value["kind"]
            if "metadata" in value and len(repr(value)) > len(repr(found.get(kind, ""))):
                found[kind] = value
    return found


OBJECTS = largest_of_each_kind()


def scalars(value: Any, path: Keys = ()) -> Iterator[tuple[Keys, Any]]:
    """Each scalar with its place."""
    if isinstance(value, dict | list):
        for key, item in value.items() if isinstance(value, dict) else enumerate(value):
            yield from scalars(item, (*path, key))
    else:
        yield path, value


def with_value(value: dict[str, Any], path: Keys, new: Any) -> dict[str, Any]:
    """A copy of an object with another value at a place."""
    changed: Any = deepcopy(value)
    inner = changed
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = new
    return changed  # type: ignore[no-any-return]


def problems(value: dict[str, Any]) -> Any:
    """What is wrong with an object that comes after others."""
    return judge([value], alike=emit_proven([value]).alike)


def problems_alone(value: dict[str, Any]) -> Any:
    """The same where nothing is known of others."""
    with pytest.MonkeyPatch.context() as patch:
        for module in (destination_rule, http_route, unreachable):
            patch.setattr(module, "checked_once", lambda _part, check: check())
        return judge([value])


@pytest.mark.parametrize("kind", OBJECTS)
def test_one_wrong_field_is_reported_after_many_right_ones(kind: str) -> None:
    right = OBJECTS[kind]
    for number in range(8):
        problems(with_value(right, ("metadata", "name"), f"object-{number}"))
    texts, numbers, others = cycle(TEXTS), cycle(NUMBERS), cycle(OTHERS)
    for path, value in list(scalars(right)):
        wrong = next(texts if type(value) is str else numbers if type(value) is int else others)
        spoiled = with_value(right, path, wrong)
        assert problems(spoiled) == problems_alone(spoiled), (path, wrong)
    assert problems(right) == problems_alone(right)
