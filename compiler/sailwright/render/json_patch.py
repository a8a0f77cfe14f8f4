"""JSON patch (RFC 6902) and JSON merge patch (RFC 7386) on plain data. Nothing is changed in place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sailwright.diagnostics.finding import Path, parse_pointer

Operation = Mapping[str, Any]


def merge(target: Any, patch: Any) -> Any:
    """The target with a merge patch laid upon it: maps merge, null removes a key, everything else replaces."""
    from copy import deepcopy

    if not isinstance(patch, dict):
        return deepcopy(patch)
    result = dict(target) if isinstance(target, dict) else {}
    for key, value in patch.items():
        if value is None:
            result.pop(key, None)
        else:
            result[key] = merge(result.get(key), value)
    return result


def apply(document: Any, operation: Operation) -> tuple[Any, str]:
    """The document after one operation, and why it could not be done (then the document is as it was)."""
    from copy import deepcopy

    kind, place = str(operation["op"]), str(operation["path"])
    value = deepcopy(operation.get("value"))
    if kind in ("move", "copy"):
        origin = str(operation.get("from", ""))
        found, reason = _get(document, origin)
        if reason:
            return document, reason
        if kind == "move":
            if place == origin:
                return document, ""
            if place.startswith(f"{origin}/"):
                return document, f"cannot move {origin} into itself"
            document, reason = _set(document, _segments(origin), "remove", None)
        value = deepcopy(found)
    if kind in ("test", "replace"):
        found, reason = _get(document, place)
        if reason:
            return document, reason
        if kind == "test":
            return document, "" if _same(found, value) else f"the value at {place or '/'} is another one"
    return _set(document, _segments(place), "add" if kind in ("move", "copy") else kind, value)


def touched(operation: Operation) -> Path:
    """The path an operation changes, for tracing values back to it."""
    return parse_pointer(operation["path"])


def _segments(pointer: str) -> list[str]:
    return [part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:]]


def _get(document: Any, pointer: str) -> tuple[Any, str]:
    for segment in _segments(pointer):
        if isinstance(document, dict) and segment in document:
            document = document[segment]
        elif isinstance(document, list) and _index(segment, len(document) - 1) is not None:
            document = document[int(segment)]
        else:
            return None, f"there is nothing at {pointer}"
    return document, ""


def _set(document: Any, segments: list[str], kind: str, value: Any) -> tuple[Any, str]:
    """A copy of the document, changed; only the containers on the way are copied."""
    if not segments:
        return (None, "") if kind == "remove" else (value, "")
    head, rest = segments[0], segments[1:]
    if isinstance(document, dict):
        return _set_in_map(document, head, rest, kind, value)
    if isinstance(document, list):
        return _set_in_list(document, head, rest, kind, value)
    return document, f"there is nothing that holds `{head}`"


def _set_in_map(document: dict[str, Any], key: str, rest: list[str], kind: str, value: Any) -> tuple[Any, str]:
    if key not in document and (rest or kind == "remove"):
        return document, f"there is no `{key}`"
    result = dict(document)
    if rest:
        result[key], reason = _set(document[key], rest, kind, value)
        return (result, "") if not reason else (document, reason)
    if kind == "remove":
        del result[key]
    else:
        result[key] = value
    return result, ""


def _set_in_list(document: list[Any], segment: str, rest: list[str], kind: str, value: Any) -> tuple[Any, str]:
    last = len(document) if kind == "add" and not rest else len(document) - 1
    index = len(document) if segment == "-" and last == len(document) else _index(segment, last)
    if index is None:
        return document, f"the list has no item `{segment}`"
    result = list(document)
    if rest:
        result[index], reason = _set(document[index], rest, kind, value)
        return (result, "") if not reason else (document, reason)
    if kind == "add":
        result.insert(index, value)
    elif kind == "remove":
        del result[index]
    else:
        result[index] = value
    return result, ""


def _index(segment: str, last: int) -> int | None:
    """An array index as RFC 6901 writes it: digits without a leading zero."""
    if not segment.isascii() or not segment.isdigit() or (len(segment) > 1 and segment[0] == "0"):
        return None
    return int(segment) if int(segment) <= last else None


def _same(left: Any, right: Any) -> bool:
    """Equal as JSON is: true is not 1."""
    if isinstance(left, bool) != isinstance(right, bool):
        return False
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(_same(value, right[key]) for key, value in left.items())
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(_same, left, right))
    return bool(left == right)
