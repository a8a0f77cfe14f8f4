"""Reading protobuf JSON into plain data, field by field, as Go's jsonpb does it: strict on types, silent on unknown fields."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from sailwright.mesh.values.duration import nanoseconds, protobuf_duration
from sailwright.runtime.records import dataclass
from sailwright.runtime.regex import regex

Scalar = Literal["string", "bool", "int32", "uint32", "int64", "double", "duration"]


@dataclass(frozen=True, slots=True)
class Field:
    """The type of a field. A `wrapped` scalar (google.protobuf.Int32Value and the like) keeps its zero."""

    of: Scalar | Message | Enum
    repeated: bool = False
    keyed: bool = False
    wrapped: bool = False


@dataclass(frozen=True, slots=True)
class Enum:
    """The names of an enum by number."""

    names: Mapping[int, str]


@dataclass(frozen=True, slots=True)
class Message:
    """The fields of a message by their JSON names, in the order of their declaration: the order they are printed in."""

    fields: Mapping[str, Field]


def read_message(message: Message, data: Any, where: str) -> dict[str, Any]:
    """The known fields that `data` sets, in normal form and in declaration order; null sets nothing.

    Raises ValueError, with the field's place, where a value has another type.
    """
    if not isinstance(data, dict):
        raise ValueError(f"{where}: a mapping is needed, not {_shown(data)}")
    given = {_camel(str(key)): value for key, value in data.items()}
    read = {}
    for name, field in message.fields.items():
        if given.get(name) is not None:
            read[name] = _field(field, given[name], f"{where}.{name}" if where else name)
    return read


def printed(message: Message, value: Mapping[str, Any]) -> dict[str, Any]:
    """What protobuf JSON prints of a message in normal form: zero scalars are left out, empty messages are not."""
    fields = ((name, field, value[name]) for name, field in message.fields.items() if name in value)
    return {name: _printed(field, item) for name, field, item in fields if _is_set(field, item)}


def _is_set(field: Field, value: Any) -> bool:
    if field.repeated or field.keyed:
        return bool(value)
    if isinstance(field.of, Message) or field.wrapped or field.of == "duration":
        return True
    if isinstance(field.of, Enum):
        return bool(value != field.of.names[0])
    return bool(value)


def _printed(field: Field, value: Any) -> Any:
    if field.repeated:
        return [_printed_one(field.of, item) for item in value]
    if field.keyed:
        return {key: _printed_one(field.of, value[key]) for key in sorted(value)}
    return _printed_one(field.of, value)


def _printed_one(kind: Scalar | Message | Enum, value: Any) -> Any:
    if isinstance(kind, Message):
        return printed(kind, value)
    return str(value) if kind == "int64" else value


def _field(field: Field, value: Any, where: str) -> Any:
    if field.repeated:
        if not isinstance(value, list):
            raise ValueError(f"{where}: a list is needed, not {_shown(value)}")
        return [_value(field.of, item, f"{where}[{index}]") for index, item in enumerate(value)]
    if field.keyed:
        if not isinstance(value, dict):
            raise ValueError(f"{where}: a mapping is needed, not {_shown(value)}")
        return {str(key): _value(field.of, item, f"{where}.{key}") for key, item in value.items()}
    return _value(field.of, value, where)


def _value(kind: Scalar | Message | Enum, value: Any, where: str) -> Any:
    if isinstance(kind, Message):
        return read_message(kind, value, where)
    if isinstance(kind, Enum):
        return _enum(kind, value, where)
    if kind == "string":
        if not isinstance(value, str):
            raise ValueError(f"{where}: text is needed, not {_shown(value)}: put it in quotes")
        return value
    if kind == "bool":
        if not isinstance(value, bool):
            raise ValueError(f"{where}: true or false is needed, not {_shown(value)}")
        return value
    if kind == "duration":
        return _duration(value, where)
    return _number(kind, value, where)


RANGES: Mapping[str, tuple[int, int]] = {
    "int32": (-(2**31), 2**31 - 1),
    "uint32": (0, 2**32 - 1),
    "int64": (-(2**63), 2**63 - 1),
    "uint64": (0, 2**64 - 1),
}
"""The least and the largest value of each integer type."""

_JSON_NUMBER = regex(r"[ \t\r\n]*(-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?)[ \t\r\n]*")
_LONGEST = 400
"""Characters of a number in quotes; a longer one is refused unread."""


def quoted_number(text: str, *, whole: bool) -> int | float | None:
    """The number in a text: protobuf JSON lets numbers stand in quotes. None where it is none, or not written as an integer.

    >>> quoted_number("12", whole=True), quoted_number("1.0", whole=True), quoted_number("1e2", whole=False)
    (12, None, 100.0)
    """
    found = _JSON_NUMBER.fullmatch(text) if len(text) <= _LONGEST else None
    if found is None or (whole and (found[2] or found[3])):
        return None
    number = int(found[1]) if whole else float(found[1])
    return number if number not in (float("inf"), float("-inf")) else None


def _number(kind: Scalar, value: Any, where: str) -> int | float:
    number = quoted_number(value, whole=kind != "double") if isinstance(value, str) else value
    if isinstance(number, bool) or not isinstance(number, (int, float)):
        raise ValueError(f"{where}: a number is needed, not {_shown(value)}")
    if kind == "double":
        return float(number)
    low, high = RANGES[kind]
    infinite = number != number or number in (float("inf"), float("-inf"))
    if infinite or number != int(number) or not low <= number <= high:
        raise ValueError(f"{where}: an integer from {low} to {high} is needed, not {value}")
    return int(number)


def _enum(kind: Enum, value: Any, where: str) -> str:
    if isinstance(value, int) and not isinstance(value, bool) and value in kind.names:
        return kind.names[value]
    if value in kind.names.values():
        return str(value)
    raise ValueError(f"{where}: one of {', '.join(kind.names.values())} is needed, not {_shown(value)}")


def _duration(value: Any, where: str) -> str:
    """Any Go duration (`1m30s`), written as protobuf JSON writes it (`90s`, `0.500s`)."""
    length = nanoseconds(value) if isinstance(value, str) else None
    if length is None:
        raise ValueError(f"{where}: a duration like 10s is needed, not {_shown(value)}")
    return protobuf_duration(length)


def _camel(name: str) -> str:
    """The JSON name of a field that is written by its proto name: `drain_duration` is `drainDuration`."""
    head, *rest = name.split("_")
    return head + "".join(part[:1].upper() + part[1:] for part in rest)


def _shown(value: Any) -> str:
    if isinstance(value, dict):
        return "a mapping"
    return "a list" if isinstance(value, list) else f"`{str(value)[:60]}`"
