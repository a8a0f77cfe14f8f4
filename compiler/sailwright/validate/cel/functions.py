"""The functions that validation rules may call, and which of them are there."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from sailwright.mesh.values.duration import nanoseconds
from sailwright.mesh.values.names import is_cidr, is_ip
from sailwright.mesh.values.urls import scheme
from sailwright.runtime.records import dataclass
from sailwright.validate.cel.expression import CelError, Expression


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A duration; no number, so that it compares with its like only."""

    nanoseconds: int


@dataclass(frozen=True, slots=True)
class Url:
    """A URL that was read by url()."""

    text: str


def _typed(value: Any, *kinds: type) -> Any:
    if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds):
        raise CelError(f"{type(value).__name__} is not what the function takes")
    return value


def _size(value: Any) -> int:
    return len(_typed(value, str, list, dict))


def _integer(value: Any) -> int:
    if isinstance(value, str) and re.fullmatch(r"-?[0-9]{1,19}", value):
        value = int(value)
    number = int(_typed(value, int, float))
    if not -(2**63) <= number < 2**63:
        raise CelError("the integer is out of range")
    return number


def _string(value: Any) -> str:
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else str(_typed(value, str, int, float))


def _duration(text: Any) -> Span:
    length = nanoseconds(_typed(text, str))
    if length is None:
        raise CelError("not a duration such as 500ms or 1m30s")
    return Span(length)


def _is_url(text: Any) -> bool:
    """An absolute URL or an absolute path, as the API server's isURL has it."""
    found = scheme(_typed(text, str))
    return found is not None and bool(found or text.startswith("/"))


def _url(text: Any) -> Url:
    if not _is_url(text):
        raise CelError("not a URL")
    return Url(text)


def _substring(text: Any, start: Any, end: Any = None) -> str:
    length = len(_typed(text, str))
    end = length if end is None else end
    if not 0 <= start <= end <= length:
        raise CelError("substring() is out of range")
    return str(text[start:end])


def _matches(text: Any, pattern: Any) -> bool:
    import re2

    try:
        return re2.search(_typed(pattern, str), _typed(text, str)) is not None
    except re2.error as fault:
        raise CelError("the regular expression is not RE2") from fault


def _scheme_of(url: Any) -> str:
    return scheme(_typed(url, Url).text) or ""


FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    "size": _size,
    "int": _integer,
    "uint": _integer,
    "double": lambda value: float(_typed(value, int, float, str)),
    "string": _string,
    "duration": _duration,
    "isURL": _is_url,
    "url": _url,
    "isIP": lambda text: is_ip(_typed(text, str)),
    "isCIDR": lambda text: is_cidr(_typed(text, str)),
    "matches": _matches,
    "dyn": lambda value: value,
}
METHODS: Mapping[str, Callable[..., Any]] = {
    "size": _size,
    "contains": lambda text, part: _typed(part, str) in _typed(text, str),
    "startsWith": lambda text, part: _typed(text, str).startswith(_typed(part, str)),
    "endsWith": lambda text, part: _typed(text, str).endswith(_typed(part, str)),
    "matches": _matches,
    "substring": _substring,
    "split": lambda text, separator: _typed(text, str).split(_typed(separator, str)),
    "join": lambda values, separator="": _typed(separator, str).join(_typed(values, list)),
    "lowerAscii": lambda text: _typed(text, str).lower(),
    "upperAscii": lambda text: _typed(text, str).upper(),
    "trim": lambda text: _typed(text, str).strip(),
    "replace": lambda text, old, new: _typed(text, str).replace(_typed(old, str), _typed(new, str)),
    "indexOf": lambda text, part: _typed(text, str).find(_typed(part, str)),
    "sum": lambda values: sum(_typed(values, list)),
    "min": lambda values: min(_typed(values, list)),
    "max": lambda values: max(_typed(values, list)),
    "getScheme": _scheme_of,
}


def unsupported(expression: Expression) -> Iterator[str]:
    """The functions an expression calls that are not there: it cannot be decided."""
    waiting = [expression]
    while waiting:
        each = waiting.pop()
        known = {"call": FUNCTIONS, "method": METHODS}.get(each.operator)
        if known is not None and each.value not in known:
            yield f"{each.value}()"
        waiting += reversed(each.parts)
