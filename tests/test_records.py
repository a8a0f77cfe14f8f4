"""Our dataclasses are the standard's, made late."""

import ast
import copy
import dataclasses
import pickle
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest

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
