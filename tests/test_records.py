"""Our dataclasses are the standard's, made late."""

import ast
import copy
import dataclasses
import operator
import pickle
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sailwright.runtime import records
from sailwright.runtime.records import dataclass, field, replace

ROOT = Path(__file__).parent.parent


@dataclass(frozen=True, slots=True, order=True)
class Weight:
    """A record with every kind of field."""

    name: str
    share: int = 100
    tags: list[str] = field(default_factory=list, compare=False, repr=False)


@dataclass(frozen=True)
class Route:
    """A record without slots, which may cache."""

    weights: tuple[Weight, ...] = ()

    @cached_property
    def total(self) -> int:
        """The sum of the shares."""
        return sum(weight.share for weight in self.weights)


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """A record that is equal to itself alone, and prints itself its own way."""

    line: int

    def __repr__(self) -> str:
        return f"line {self.line}"


def test_records_are_made_compared_printed_and_replaced_as_the_standard_ones_are() -> None:
    one, other = Weight("v1", 80, ["a"]), Weight("v1", 80, ["b"])
    assert one == other
    assert hash(one) == hash(other)
    assert one < Weight("v2")
    assert repr(one) == "Weight(name='v1', share=80)"
    assert replace(one, share=20) == Weight("v1", 20)
    assert Weight("x").tags is not Weight("x").tags
    assert [each.name for each in dataclasses.fields(one)] == ["name", "share", "tags"]
    assert Route((one, other)).total == 160
    assert repr(Place(3)) == "line 3"
    assert Place(3) != Place(3)
    assert len({Place(3), Place(3)}) == 2


def test_records_cannot_be_changed_and_say_what_is_missing() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        Weight("v1").share = 3  # type: ignore[misc]
    with pytest.raises(AttributeError):
        object.__setattr__(Weight("v1"), "other", 3)
    with pytest.raises(TypeError, match="missing 1 required positional argument: 'name'"):
        Weight()  # type: ignore[call-arg]


def test_records_travel_between_processes() -> None:
    weight = Weight("v1", 80, ["a"])
    found = pickle.loads(pickle.dumps((weight, Route((weight,)), Place(3))))
    assert found[:2] == (weight, Route((weight,)))
    assert found[2].line == 3


def arrived(cls: Any, *state: Any) -> Any:
    """An instance as pickle and copy make it, without `__init__`."""
    instance = cls.__new__(cls)
    instance.__setstate__(state)
    return instance


@pytest.mark.parametrize("use", ["replaced", "frozen", "listed", "compared", "matched", "copied"])
def test_a_record_may_arrive_before_any_was_made(use: str) -> None:
    """What a forked process sends is an instance of a class of which this process has made none."""

    @dataclass(frozen=True, slots=True, order=True)
    class Fresh:
        name: str
        share: int = 100

    one = arrived(Fresh, "v1", 80)
    match use:
        case "replaced":
            assert replace(one, share=20).share == 20
        case "frozen":
            with pytest.raises(dataclasses.FrozenInstanceError):
                one.share = 20
        case "listed":
            assert [each.name for each in dataclasses.fields(one)] == ["name", "share"]
        case "compared":
            assert one == arrived(Fresh, "v1", 80)
            assert one < arrived(Fresh, "v1", 81)
            assert len({one, arrived(Fresh, "v1", 80)}) == 1
        case "matched":
            match one:
                case Fresh(name, share):
                    assert (name, share) == ("v1", 80)
        case "copied":
            assert copy.deepcopy(one) == one


def test_records_match_by_position() -> None:
    match Weight("v1", 80):
        case Weight(name, share):
            assert (name, share) == ("v1", 80)


def test_nothing_else_imports_the_standard_ones() -> None:
    """Each class that it makes costs half a millisecond of every start."""
    modules = [*(ROOT / "compiler").rglob("*.py"), *(ROOT / "policies").rglob("*.py")]
    importing = [
        str(path.relative_to(ROOT))
        for path in modules
        if path.name != "records.py"
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ImportFrom) and node.module == "dataclasses"
    ]
    assert importing == []


@pytest.mark.parametrize("slots", [True, False])
def test_an_instance_from_another_process_may_be_the_first_of_its_class(slots: bool) -> None:
    """Findings of a worker reach a process that made none: they can be replaced there all the same."""

    class Finding:
        """A class of its own for each case, of which nothing was made yet."""

        rule: str
        line: int = 1

    record: Any = dataclass(frozen=True, slots=slots)(Finding)
    received = record.__new__(record)
    received.__setstate__(("a", 3))  # as pickle does
    assert replace(received, line=4).line == 4


NAMES = ("name", "share", "tags", "self")
VALUES = st.sampled_from([0, 1, "a", None, (1, 2)])
DEFAULTS: dict[str, Any] = {
    "no default": None,
    "a value": 7,
    "a field with a value": {"default": 7},
    "a field that is not compared": {"default": 7, "compare": False},
    "a factory": {"default_factory": list},
    "a hidden factory": {"default_factory": list, "repr": False, "compare": False},
}
OWN: dict[str, dict[str, Any]] = {
    "nothing": {},
    "equality": {"__eq__": lambda self, other: True},
    "a hash": {"__hash__": lambda self: 3},
    "both": {"__eq__": lambda self, other: True, "__hash__": lambda self: 3},
    "its text": {"__repr__": lambda self: "itself"},
}


@st.composite
def classes(draw: st.DrawFn) -> tuple[type[Any], type[Any]]:
    """A class of any kind, made by us and by the standard."""
    kinds = draw(st.lists(st.sampled_from(sorted(DEFAULTS)), max_size=len(NAMES)))
    kinds.sort(key=lambda kind: kind != "no default")  # those without one come first
    own = OWN[draw(st.sampled_from(sorted(OWN)))]
    settings = {name: draw(st.booleans()) for name in ("frozen", "slots", "eq")}
    settings["order"] = settings["eq"] and draw(st.booleans())

    def written(make_field: Callable[..., Any]) -> type[Any]:
        body: dict[str, Any] = {"__annotations__": dict.fromkeys(NAMES[: len(kinds)], "Any"), **own}
        for name, default in zip(NAMES, map(DEFAULTS.get, kinds), strict=False):
            if default is not None:
                body[name] = make_field(**default) if isinstance(default, dict) else default
        return type("Record", (), body)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(records, "_MANY", draw(st.integers(0, 3)))
        ours = dataclass(**settings)(written(field))
    return ours, dataclasses.dataclass(**settings)(written(dataclasses.field))


ARGUMENTS = st.tuples(
    st.lists(VALUES, max_size=5), st.dictionaries(st.sampled_from([*NAMES, "other"]), VALUES, max_size=3)
)


def outcome(action: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
    """What comes of a call, so that ours and the standard's can be compared: what was found, or the error and its words."""
    try:
        found = action(*arguments, **named)
    except (TypeError, AttributeError) as error:
        return type(error), str(error)
    return values(found) if type(found).__name__ == "Record" else found


def values(record: Any) -> list[Any]:
    """The values of a record's fields, where it has them."""
    return [getattr(record, name, "deleted") for name in type(record).__match_args__]


@given(classes(), st.lists(ARGUMENTS, min_size=1, max_size=5), ARGUMENTS)
def test_a_record_does_what_a_standard_dataclass_does(
    pair: tuple[Any, Any],
    calls: list[tuple[list[Any], dict[str, Any]]],
    changes: tuple[list[Any], dict[str, Any]],
) -> None:
    """Before and after `__init__` is compiled, with right and with wrong arguments."""
    results: list[list[Any]] = []
    for cls, replaced in zip(pair, (replace, dataclasses.replace), strict=True):
        found: list[Any] = [outcome(cls, *positional, **named) for positional, named in calls]
        made = [cls(*call[0], **call[1]) for call, each in zip(calls, found, strict=True) if isinstance(each, list)]
        for one in made:
            found.append([outcome(action, one, made[0]) for action in (operator.eq, operator.lt, operator.ge)])
            found.append([outcome(action, one) for action in (repr, copy.copy, copy.deepcopy, dataclasses.astuple)])
            found.append(outcome(hash, one) if cls.__hash__ is not object.__hash__ else "by identity")
            found.append(outcome(replaced, one, **changes[1]))
            found.append([each.name for each in dataclasses.fields(one)])
        for one in made:
            found.append([(outcome(setattr, one, name, 3), values(one)) for name in cls.__match_args__])
            found.append([(outcome(delattr, one, name), values(one)) for name in cls.__match_args__])
        results.append(found)
    assert results[0] == results[1]
