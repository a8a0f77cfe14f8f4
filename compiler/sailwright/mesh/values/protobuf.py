"""Reading protobuf JSON into plain data, field by field, as Go's jsonpb does it: strict on types, silent on unknown fields."""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction
from typing import Any, Literal

from sailwright.runtime.records import dataclass

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


_RANGES = {"int32": (-(2**31), 2**31 - 1), "uint32": (0, 2**32 - 1), "int64": (-(2**63), 2**63 - 1)}


def _number(kind: Scalar, value: Any, where: str) -> int | float:
    if isinstance(value, str):  # protobuf JSON lets numbers stand in quotes
        try:
            value = float(value) if kind == "double" else int(value)
        except ValueError:
            raise ValueError(f"{where}: a number is needed, not {_shown(value)}") from None
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise ValueError(f"{where}: a number is needed, not {_shown(value)}")
    if kind == "double":
        return float(value)
    low, high = _RANGES[kind]
    if value != value or value in (float("inf"), float("-inf")) or value != int(value) or not low <= value <= high:
        raise ValueError(f"{where}: an integer from {low} to {high} is needed, not {value}")
    return int(value)


def _enum(kind: Enum, value: Any, where: str) -> str:
    if isinstance(value, int) and not isinstance(value, bool) and value in kind.names:
        return kind.names[value]
    if value in kind.names.values():
        return str(value)
    raise ValueError(f"{where}: one of {', '.join(kind.names.values())} is needed, not {_shown(value)}")


_PART = re.compile(r"([0-9]*\.?[0-9]+|[0-9]+\.)(ns|us|µs|μs|ms|s|m|h)")
_NANOS = {"ns": 1, "us": 10**3, "µs": 10**3, "μs": 10**3, "ms": 10**6, "s": 10**9, "m": 60 * 10**9, "h": 3600 * 10**9}
_LONGEST = 64
"""Characters of a duration; a longer one is refused unread."""


def _duration(value: Any, where: str) -> str:
    """Any Go duration (`1m30s`), written as protobuf JSON writes it (`90s`, `0.500s`)."""
    text = value if isinstance(value, str) and len(value) <= _LONGEST else ""
    sign, body = ("-", text[1:]) if text.startswith("-") else ("", text.removeprefix("+"))
    parts = list(_PART.finditer(body))
    if body != "0" and (not parts or "".join(part[0] for part in parts) != body):
        raise ValueError(f"{where}: a duration like 10s is needed, not {_shown(value)}")
    nanos = int(sum((Fraction(part[1]) * _NANOS[part[2]] for part in parts), Fraction(0)))
    if nanos >= 2**63:
        raise ValueError(f"{where}: the duration {_shown(value)} is too long")
    seconds, rest = divmod(nanos, 10**9)
    fraction = f".{rest:09d}".removesuffix("000").removesuffix("000") if rest else ""
    return f"{sign if nanos else ''}{seconds}{fraction}s"


def _camel(name: str) -> str:
    """The JSON name of a field that is written by its proto name: `drain_duration` is `drainDuration`."""
    head, *rest = name.split("_")
    return head + "".join(part[:1].upper() + part[1:] for part in rest)


def _shown(value: Any) -> str:
    if isinstance(value, dict):
        return "a mapping"
    return "a list" if isinstance(value, list) else f"`{str(value)[:60]}`"
