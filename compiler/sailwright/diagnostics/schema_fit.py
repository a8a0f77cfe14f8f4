"""Whether a value fits a JSON Schema (draft 2020-12), where that is certain without the library that decides in the end.

jsonschema-rs checks a thousand documents in no time, and takes longer to be imported and to compile a schema than a short run may.
So the first few documents of a run are looked at here. What they may not fit, or what asks for anything that is not known here, is
left to the library, which also words what is wrong. An answer given here is always the library's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from operator import ge, gt, le, lt
from typing import Any, Final

from sailwright.runtime.regex import regex

LookUp = Callable[[str], Any]
"""The schema that a `$ref` names."""

Check = Callable[[Any, Any, Any, LookUp], bool | None]
"""A keyword: what it asks, the value, the schema it is in, and the definitions."""

FEW: Final = 4
"""Values of one schema that are looked at here; for more of them, compiling it is worth its time."""

_EXACT: Final = 2**53
"""Numbers beyond this are not the same in every language."""
_DEEPEST: Final = 60
"""Levels of a value; the library has a limit of its own."""
_LONGEST: Final = 128
"""Characters of a text that is matched here: Python's expressions may take the square of the length."""


def surely_fits(schema: Any, value: Any, look_up: LookUp) -> bool:
    """Whether the library would certainly take a value; False where it may not."""
    return _is_plain(value, 0) and fit(schema, value, look_up) is True


def in_document(document: Mapping[str, Any]) -> LookUp:
    """Look up references to the parts of a document, without escapes in their names."""

    def look_up(reference: str) -> Any:
        part: Any = document if reference.startswith("#/") else None
        for step in reference.split("/")[1:]:
            part = part.get(step) if isinstance(part, dict) else None
        return part

    return look_up


def fit(schema: Any, value: Any, look_up: LookUp) -> bool | None:
    """Whether a value fits; None where that is not certain."""
    if type(schema) is not dict:
        return schema if type(schema) is bool else None
    certain: bool | None = True
    for keyword, asked in schema.items():
        check = _CHECKS.get(keyword)
        if check is not None:
            found = check(asked, value, schema, look_up)
            if found is False:
                return False
            if found is None:
                certain = None
        elif keyword not in _REMARKS:
            certain = None
    return certain


def _is_plain(value: Any, depth: int) -> bool:
    """Whether a value is what JSON can hold, and every reader reads in the same way."""
    kind = type(value)
    if kind is str:
        return value.isascii() or not _SURROGATE.search(value)
    if kind is dict:
        return depth < _DEEPEST and all(
            type(key) is str and _is_plain(key, 0) and _is_plain(item, depth + 1) for key, item in value.items()
        )
    if kind is list:
        return depth < _DEEPEST and all(_is_plain(item, depth + 1) for item in value)
    if kind is int or kind is float:
        return bool(-_EXACT <= value <= _EXACT)
    return value is None or kind is bool


_SURROGATE = regex("[\ud800-\udfff]")


def _all(found: Iterable[bool | None]) -> bool | None:
    certain: bool | None = True
    for each in found:
        if each is False:
            return False
        if each is None:
            certain = None
    return certain


def _not(found: bool | None) -> bool | None:
    return None if found is None else not found


def _type(asked: Any, value: Any, _schema: Any, _look_up: LookUp) -> bool | None:
    kinds = asked if type(asked) is list else (asked,)
    named = _TYPES[type(value)]
    if named in kinds or (named == "integer" and "number" in kinds):
        return True
    return None if named == "number" and "integer" in kinds and value.is_integer() else False


_TYPES: Final = {
    dict: "object",
    list: "array",
    str: "string",
    bool: "boolean",
    int: "integer",
    float: "number",
    type(None): "null",
}


def _enum(asked: Any, value: Any, _schema: Any, _look_up: LookUp) -> bool | None:
    kind = type(value)
    if kind is str or kind is bool or value is None:
        return any(type(each) is kind and each == value for each in asked)
    return None


def _const(asked: Any, value: Any, schema: Any, look_up: LookUp) -> bool | None:
    return _enum((asked,), value, schema, look_up)


def _required(asked: Any, value: Any, _schema: Any, _look_up: LookUp) -> bool | None:
    return type(value) is not dict or all(name in value for name in asked)


def _properties(asked: Any, value: Any, _schema: Any, look_up: LookUp) -> bool | None:
    if type(value) is not dict:
        return True
    return _all([fit(asked[name], item, look_up) for name, item in value.items() if name in asked])


def _additional_properties(asked: Any, value: Any, schema: Any, look_up: LookUp) -> bool | None:
    if type(value) is not dict or asked is True:
        return True
    if "patternProperties" in schema:
        return None
    named = schema.get("properties", ())
    return _all([fit(asked, item, look_up) for name, item in value.items() if name not in named])


def _property_names(asked: Any, value: Any, _schema: Any, look_up: LookUp) -> bool | None:
    return type(value) is not dict or _all([fit(asked, name, look_up) for name in value])


def _items(asked: Any, value: Any, schema: Any, look_up: LookUp) -> bool | None:
    if type(value) is not list:
        return True
    return None if "prefixItems" in schema else _all([fit(asked, item, look_up) for item in value])


def _unique_items(asked: Any, value: Any, _schema: Any, _look_up: LookUp) -> bool | None:
    if type(value) is not list or len(value) < 2 or asked is False:
        return True
    return len(set(value)) == len(value) if all(type(item) is str for item in value) else None


def _size(kind: type[Any], compare: Callable[[Any, Any], bool]) -> Check:
    """How many characters, items or fields there are."""

    def check(asked: Any, value: Any, _schema: Any, _look_up: LookUp) -> bool | None:
        if type(value) is not kind:
            return True
        return compare(len(value), asked) if type(asked) is int else None

    return check


def _limit(compare: Callable[[Any, Any], bool], end: str = "") -> Check:
    """How large a number is. OpenAPI says with `true` under the keyword `end` that the limit itself is too much."""

    def check(asked: Any, value: Any, schema: Any, _look_up: LookUp) -> bool | None:
        if type(value) not in _NUMBERS or type(asked) is bool:
            return True
        if type(asked) not in _NUMBERS:
            return None
        return compare(value, asked) and not (schema.get(end) is True and value == asked)

    return check


_NUMBERS: Final = (int, float)


def _pattern(asked: Any, value: Any, _schema: Any, _look_up: LookUp) -> bool | None:
    if type(value) is not str:
        return True
    if len(value) > _LONGEST or not (value.isascii() and value.isprintable()) or not _is_common(asked):
        return None
    return regex(asked).search(value) is not None


@cache
def _is_common(pattern: str) -> bool:
    """Whether an expression says the same in every dialect, to printable ASCII."""
    bare = _ESCAPED.sub("", pattern)
    return pattern.isascii() and "\\" not in bare and not _DIFFERENT.search(bare)


_ESCAPED: Final = regex(r"\\[dwsDWSb.\-/\\+*?()\[\]{}^$|]")
_DIFFERENT: Final = regex(r"\[[^\]]*\[|\[\^?\]|&&|--|~~|\|\||\(\?(?![:=!])|\{,|[*+?}]\+")
"""A class in a class, an empty one, operations on classes, flags and names of groups, `{,9}`, possessive repetition."""


def _format(asked: Any, value: Any, _schema: Any, _look_up: LookUp) -> bool | None:
    return type(value) is not str or asked in NUMBER_FORMATS or None


NUMBER_FORMATS: Final = frozenset(("byte", "double", "float", "int32", "int64"))
"""Formats that JSON Schema does not have: they ask nothing."""


def _all_of(asked: Any, value: Any, _schema: Any, look_up: LookUp) -> bool | None:
    return _all([fit(each, value, look_up) for each in asked])


def _any_of(asked: Any, value: Any, _schema: Any, look_up: LookUp) -> bool | None:
    return _not(_all([_not(fit(each, value, look_up)) for each in asked]))


def _one_of(asked: Any, value: Any, _schema: Any, look_up: LookUp) -> bool | None:
    found = [fit(each, value, look_up) for each in asked]
    if found.count(True) > 1:
        return False
    return None if None in found else True in found


def _is_not(asked: Any, value: Any, _schema: Any, look_up: LookUp) -> bool | None:
    return _not(fit(asked, value, look_up))


def _reference(asked: Any, value: Any, _schema: Any, look_up: LookUp) -> bool | None:
    return fit(look_up(asked), value, look_up)


_CHECKS: Final[Mapping[str, Check]] = {
    "$ref": _reference,
    "additionalProperties": _additional_properties,
    "allOf": _all_of,
    "anyOf": _any_of,
    "const": _const,
    "enum": _enum,
    "exclusiveMaximum": _limit(lt),
    "exclusiveMinimum": _limit(gt),
    "format": _format,
    "items": _items,
    "maxItems": _size(list, le),
    "maxLength": _size(str, le),
    "maxProperties": _size(dict, le),
    "maximum": _limit(le, "exclusiveMaximum"),
    "minItems": _size(list, ge),
    "minLength": _size(str, ge),
    "minProperties": _size(dict, ge),
    "minimum": _limit(ge, "exclusiveMinimum"),
    "not": _is_not,
    "oneOf": _one_of,
    "pattern": _pattern,
    "properties": _properties,
    "propertyNames": _property_names,
    "required": _required,
    "type": _type,
    "uniqueItems": _unique_items,
}
_REMARKS: Final = frozenset(("$defs", "$id", "$schema", "default", "description", "examples", "title"))
"""Keywords that ask nothing of a value."""
