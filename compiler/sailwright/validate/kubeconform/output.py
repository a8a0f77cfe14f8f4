"""kubeconform's results: the errors of a document, which only its `msg` holds completely."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from sailwright.diagnostics.finding import Path
from sailwright.diagnostics.schema_error import UNKNOWN, SchemaError, path_in
from sailwright.runtime.records import dataclass, field
from sailwright.runtime.regex import regex

#: An error stands after ` - at 'POINTER': `, with two more spaces before the dash for each level it is nested.
_ERROR = regex(r"( +)- at '((?:[^'\\]|\\.)*)': (.*?)(?= +- at '|$)", re.DOTALL)
_QUOTED = regex(r"'((?:[^'\\]|\\.)*)'")
_GOT_WANT = regex(r"(\w+): got (?:.*), want (.*)", re.DOTALL)
#: Choices that are no strings, as Go prints them.
_BARE = {"<nil>": "null"}
_TYPE = regex(r"got [\w ]+, want ([\w ,]+)")


class Unreadable(Exception):
    """A result that says nothing about the document: the file could not be read, there was no schema, or new words."""


@dataclass(slots=True)
class _Error:
    depth: int
    path: Path
    text: str
    causes: list[_Error] = field(default_factory=list)


def errors_of(result: Mapping[str, Any], value: Any) -> tuple[SchemaError, ...]:
    """The errors in `value` that one resource of the JSON output tells of. Raises Unreadable."""
    status, message = result.get("status"), result.get("msg", "")
    if status == "statusValid":
        return ()
    if status != "statusInvalid" or not isinstance(message, str):
        raise Unreadable(str(message) or f"its status is {status}")
    roots = _errors(message, value)
    if not roots:
        raise Unreadable(message)
    return tuple(found for root in roots for found in _schema_errors(root))


def _errors(message: str, value: Any) -> list[_Error]:
    roots: list[_Error] = []
    open_errors: list[_Error] = []
    for match in _ERROR.finditer(message):
        error = _Error(len(match[1]), path_in(value, _segments(_unquoted(match[2]))), match[3].rstrip())
        while open_errors and open_errors[-1].depth >= error.depth:
            open_errors.pop()
        (open_errors[-1].causes if open_errors else roots).append(error)
        open_errors.append(error)
    return roots


def _segments(pointer: str) -> list[str]:
    return [segment.replace("~1", "/").replace("~0", "~") for segment in pointer.split("/")[1:]]


def _unquoted(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text)


def _schema_errors(error: _Error) -> Iterator[SchemaError]:
    causes = tuple(found for cause in error.causes for found in _schema_errors(cause))
    path, text = error.path, error.text
    if text in ("validation failed", "allOf failed"):
        yield from causes
    elif text == "anyOf failed" or text == "oneOf failed, none matched":
        yield SchemaError(path, text[:5], (), causes)
    elif text.startswith("oneOf failed"):
        yield SchemaError(path, "oneOf-many")
    else:
        yield from _leaf(path, text)


def _leaf(path: Path, text: str) -> Iterator[SchemaError]:
    names = tuple(_unquoted(name) for name in _QUOTED.findall(text))
    if text.startswith("additional propert"):
        yield from (SchemaError((*path, name), UNKNOWN) for name in names)
    elif text.startswith("missing propert"):
        yield from (SchemaError(path, "required", (name,)) for name in names)
    elif match := _TYPE.fullmatch(text):
        types = re.split(r",? or |, ", match[1])
        yield SchemaError(path, "type", tuple(sorted(name for name in types if name != "null")))
    elif text.startswith("value must be"):
        choices = text.removeprefix("value must be ").removeprefix("one of ")
        yield SchemaError(path, "enum", tuple(_choices(choices)))
    elif " does not match pattern " in text:
        yield SchemaError(path, "pattern", names[-1:])
    elif match := re.search(r" is not valid ([a-z][a-z0-9-]*)(?::|$)", text):
        yield SchemaError(path, "format", (match[1],))
    elif text.startswith("items at "):
        yield SchemaError(path, "uniqueItems")
    elif text == "not failed":
        yield SchemaError(path, "not")
    elif match := _GOT_WANT.fullmatch(text):
        yield SchemaError(path, match[1], (match[2],))
    else:
        raise Unreadable(text)


def _choices(text: str) -> Iterator[str]:
    """Strings are quoted, numbers and null are not."""
    for match in re.finditer(r"'((?:[^'\\]|\\.)*)'|([^,\s']+)", text):
        yield _unquoted(match[1]) if match[1] is not None else _BARE.get(match[2], match[2])
