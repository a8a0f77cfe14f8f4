"""Whole numbers that the API server cannot read, or refuses: fields of 32 and 64 bits, ports, and how many replicas.

Its JSON reader (encoding/json into Go's int32 and int64) takes `1.0` and `1e3`, and no number beyond the field; apimachinery's
IsValidPortNum and ValidateNonnegativeField say the rest. Custom kinds state their ranges in their schemas.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from sailwright.diagnostics.finding import Path
from sailwright.diagnostics.problem import Problem
from sailwright.diagnostics.value_words import shown
from sailwright.mesh.values.kinds import template_of_kind
from sailwright.source.shared_parts import shared_parts
from sailwright.source.untyped import entries, get, mapping
from sailwright.validate.findings import SCHEMA_RULE, SCHEMA_VIOLATION

if TYPE_CHECKING:
    from sailwright.validate.schemas.catalogue import Found

_BITS: Final = {"int32": 32, "int64": 64}
_LARGE: Final = 2**31 - 1
"""What every integer field can hold; only larger numbers are looked up."""
_PORTS: Final = range(1, 65536)
_LISTS: Final = ("initContainers", "containers", "ephemeralContainers")


def number_problems(value: Mapping[str, Any], found: Found) -> Iterator[Problem]:
    """The numbers of an object of Kubernetes' own kinds that are out of range."""
    for path, number in _large(value, ()) if _may_hold_large(value) else ():
        bits = _BITS.get(_format(found.strict, path), 0)
        if bits and not -(2 ** (bits - 1)) <= number < 2 ** (bits - 1):
            message = f"expected a whole number of {bits} bits, found {shown(number)}"
            yield Problem(path, message, f"use at most {2 ** (bits - 1) - 1}", rule=SCHEMA_VIOLATION)
    for path, number in _ports(value):
        if number not in _PORTS and abs(number) <= _LARGE:
            yield Problem(path, f"{shown(number)} is no port", "use 1 to 65535", rule=SCHEMA_RULE)
    replicas = get(value, "spec", "replicas")
    if str(value.get("apiVersion")).startswith("apps/") and _is_number(replicas) and replicas < 0:
        yield Problem(
            ("spec", "replicas"), f"{shown(replicas)} is no number of replicas", "use 0 or more", rule=SCHEMA_RULE
        )


def _may_hold_large(value: Mapping[str, Any]) -> bool:
    """Whether it is worth looking for large numbers: nearly no object has one."""
    parts = shared_parts()
    pending: list[Any] = [value]
    for each in pending:  # which grows meanwhile
        for item in each.values() if type(each) is dict else each:
            kind = type(item)
            if kind is str:
                continue
            if kind is dict or kind is list:
                part = parts.get(id(item))
                if part is None or not part.small:
                    pending.append(item)
            elif kind is int or kind is float:
                if not -_LARGE <= item <= _LARGE:
                    return True
            elif kind is not bool and item is not None:
                return True
    return False


def _large(value: Any, path: Path) -> Iterator[tuple[Path, int | float]]:
    if isinstance(value, dict):
        for key, item in value.items():
            if not isinstance(item, str):
                yield from _large(item, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            if not isinstance(item, str):
                yield from _large(item, (*path, index))
    elif _is_number(value) and abs(value) > _LARGE:
        yield path, value


def _format(lookup: Mapping[str, Any], path: Path) -> str:
    """The format of the field at a path; empty where the schema has none."""
    node: Any = lookup
    for step in path:
        node = _followed(lookup, node)
        below = node.get("items") if isinstance(step, int) else (node.get("properties") or {}).get(step)
        node = below if below is not None else node.get("additionalProperties")
        if not isinstance(node, dict):
            return ""
    return str(_followed(lookup, node).get("format", ""))


def _followed(lookup: Mapping[str, Any], node: Any) -> Mapping[str, Any]:
    reference = node.get("$ref") if isinstance(node, dict) else None
    if isinstance(reference, str):
        node = (lookup.get("$defs") or {}).get(reference.rpartition("/")[2])
    return node if isinstance(node, dict) else {}


def _ports(value: Mapping[str, Any]) -> Iterator[tuple[Path, int]]:
    """The fields that hold the number of a port, where they are set."""
    api_version, kind = str(value.get("apiVersion")), str(value.get("kind"))
    if (api_version, kind) == ("v1", "Service"):
        for path, port in entries(get(value, "spec", "ports"), ("spec", "ports")):
            yield from _set(port, path, ("port", "targetPort"))
    template = template_of_kind(api_version, kind)
    if template is None:
        return
    pod = mapping(get(value, *template, "spec"))
    for field in _LISTS:
        for path, container in entries(pod.get(field), (*template, "spec", field)):
            for inner, port in entries(container.get("ports"), (*path, "ports")):
                yield from _set(port, inner, ("containerPort", "hostPort"))


def _set(fields: Mapping[str, Any], path: Path, names: tuple[str, ...]) -> Iterator[tuple[Path, Any]]:
    """The fields that are there; a `targetPort` or `hostPort` of 0 is none."""
    for name in names:
        number = fields.get(name)
        if number is not None and _is_number(number) and (number or name in _NEVER_0):
            yield (*path, name), number


_NEVER_0: Final = ("port", "containerPort")


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and value == value and value not in _ENDLESS


_ENDLESS: Final = (float("inf"), float("-inf"))
