"""Reading a spec as istiod does: JSON into protobuf messages.

What istiod cannot read it refuses before any other check: a field it does not know, a value of the wrong type, a name that
is not in the enum. Null is as good as absent; an empty list is, too. Numbers may be written as strings.
Facts of Go's protobuf JSON reader; the messages' shape is taken from the CustomResourceDefinition's schema.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sailwright.diagnostics.finding import Path
from sailwright.diagnostics.problem import Problem
from sailwright.diagnostics.suggestions import did_you_mean, listed
from sailwright.diagnostics.value_words import shown
from sailwright.mesh.values.duration import nanoseconds
from sailwright.runtime.records import dataclass, field

Schema = Mapping[str, Any]

_INT32 = (-(2**31), 2**31 - 1)
#: Fields of the type google.protobuf.Duration that no validation rule of the schema marks.
_DURATIONS = frozenset(("idleTimeout", "ttl", "budgetInterval", "warmupDurationSecs"))


@dataclass(slots=True)
class _Reading:
    misread: list[Problem] = field(default_factory=list)


def read(schema: Schema, value: Any, path: Path) -> tuple[dict[str, Any], tuple[Problem, ...]]:
    """The message that `value` makes, and what in it cannot be read (left out of the message)."""
    reading = _Reading()
    message = _message(schema, {} if value is None else value, path, reading)
    return (message if isinstance(message, dict) else {}), tuple(reading.misread)


def read_valid(durations: frozenset[str], value: Any) -> dict[str, Any] | None:
    """`read` for a value that its schema does not refuse: all that may be misread there are the fields that are `durations`.

    None where one of them is, or a null is inside: `read` has the words for it.
    """
    try:
        return _cleaned(value or {}, durations)
    except _Misread:
        return None


class _Misread(Exception):
    """A null, or a duration that is none."""


def _cleaned(value: dict[str, Any], durations: frozenset[str]) -> dict[str, Any]:
    message: dict[str, Any] = {}
    for name, each in value.items():
        kind = type(each)
        if kind is str:
            if name in durations and nanoseconds(each) is None:
                raise _Misread
            message[name] = each
        elif kind is dict:
            message[name] = _cleaned(each, durations)
        elif kind is list:
            if None in each:
                raise _Misread
            if each:
                message[name] = [_cleaned(item, durations) if type(item) is dict else item for item in each]
        elif each is None:
            raise _Misread
        else:
            message[name] = each
    return message


def duration_names(schema: Schema) -> frozenset[str]:
    """The names of a schema's duration fields; none of them names another field of text."""
    return frozenset(_named_durations(schema))


def _named_durations(schema: Schema) -> Iterator[str]:
    for name, each in schema.get("properties", {}).items():
        if each.get("type") == "string" and _is_duration(each, name):
            yield name
        yield from _named_durations(each)
    for key in ("items", "additionalProperties"):
        if isinstance(schema.get(key), dict):
            yield from _named_durations(schema[key])


def _value(schema: Schema, value: Any, path: Path, reading: _Reading) -> Any:
    kind = schema.get("type")
    if kind == "object" or "properties" in schema:
        return _message(schema, value, path, reading)
    if kind == "array":
        return _list(schema, value, path, reading)
    if kind == "string":
        return _string(schema, value, path, reading)
    if kind == "boolean":
        return value if isinstance(value, bool) else _wrong("true or false", value, path, reading)
    if kind in ("integer", "number"):
        return _number(schema, value, path, reading)
    return value


def _message(schema: Schema, value: Any, path: Path, reading: _Reading) -> Any:
    if not isinstance(value, dict):
        return _wrong("a map", value, path, reading)
    fields: Mapping[str, Schema] = schema.get("properties", {})
    others = schema.get("additionalProperties")
    message: dict[str, Any] = {}
    for name, given in value.items():
        if name in fields:
            found = None if given is None else _field(fields[name], name, given, (*path, name), reading)
            if found is not None and found != []:
                message[name] = found
        elif isinstance(others, dict):
            message[name] = _value(others, _default(others) if given is None else given, (*path, name), reading)
        elif schema.get("x-kubernetes-preserve-unknown-fields") or not fields:
            message[name] = given
        else:
            near = did_you_mean(str(name), fields)
            reading.misread.append(Problem((*path, name), f"there is no field `{name}`", near, key=True))
    return message


def _field(schema: Schema, name: str, given: Any, path: Path, reading: _Reading) -> Any:
    found = _value(schema, given, path, reading)
    if isinstance(found, str) and _is_duration(schema, name) and nanoseconds(found) is None:
        return _wrong("a duration such as 500ms or 1m30s", given, path, reading)
    return found


def _is_duration(schema: Schema, name: str) -> bool:
    rules = schema.get("x-kubernetes-validations", ())
    return name in _DURATIONS or any(rule["rule"].startswith("duration(self)") for rule in rules)


def _list(schema: Schema, value: Any, path: Path, reading: _Reading) -> Any:
    if not isinstance(value, list):
        return _wrong("a list", value, path, reading)
    item: Schema = schema.get("items", {})
    return [
        _value(item, _default(item) if each is None else each, (*path, place), reading)
        for place, each in enumerate(value)
    ]


def _default(schema: Schema) -> Any:
    """What null stands for inside a list: an empty message, string or number."""
    return {"string": "", "array": [], "boolean": False, "integer": 0, "number": 0}.get(schema.get("type", ""), {})


def _string(schema: Schema, value: Any, path: Path, reading: _Reading) -> Any:
    names = schema.get("enum")
    if names is not None and isinstance(value, int) and not isinstance(value, bool):
        if 0 <= value < len(names):
            return names[value]
        return value if _INT32[0] <= value <= _INT32[1] else _wrong(_choices(names), value, path, reading)
    if not isinstance(value, str):
        return _wrong("text" if names is None else _choices(names), value, path, reading)
    if names is not None and value not in names:
        return _wrong(_choices(names), value, path, reading)
    return value


def _number(schema: Schema, value: Any, path: Path, reading: _Reading) -> Any:
    whole = schema["type"] == "integer"
    wanted = "a whole number" if whole else "a number"
    if isinstance(value, str):
        from sailwright.mesh.values.protobuf import quoted_number

        number = quoted_number(value, whole=whole)
        value = value if number is None else number
    if isinstance(value, bool) or not isinstance(value, int | float):
        return _wrong(wanted, value, path, reading)
    if whole and isinstance(value, float):
        if not value.is_integer() or abs(value) >= 2**63:
            return _wrong(wanted, value, path, reading)
        value = int(value)
    low, high = _bounds(schema) if whole else (None, None)
    if low is not None and high is not None and not low <= value <= high:
        return _wrong(f"a whole number in {low}..{high}", value, path, reading)
    return value


def _bounds(schema: Schema) -> tuple[int | None, int | None]:
    """The range of the field's type: the schema says int32, or gives the limits of uint32 and uint64."""
    if schema.get("format") == "int32":
        return _INT32
    from sailwright.mesh.values.protobuf import RANGES

    high = schema.get("maximum")
    if high in (RANGES["uint32"][1], RANGES["uint64"][1]):
        return 0, int(high)
    return RANGES["uint64"] if schema.get("minimum") == 0 else (None, None)


def _wrong(wanted: str, value: Any, path: Path, reading: _Reading) -> None:
    reading.misread.append(Problem(path, f"expected {wanted}, found {shown(value)}"))


def _choices(names: list[str]) -> str:
    return f"one of {listed(names, most=30)}"
