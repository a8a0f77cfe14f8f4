"""What Jinja's compiled templates need at run time, and no more: importing jinja2 itself costs several times a render.

Jinja compiles a template to Python source; that source is run here against these few names. Look-ups are dict-first, so that
`port.items` is the key and not the method. A missing name or key is an error when it is used (StrictUndefined).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from sailwright.runtime.errors import Failure
from sailwright.source.templating.placeholders import Fragment, placeholder

missing: Any = object()


class Undefined:
    """A name or key that is not there. Using it for anything but `is defined` and `default` is an error."""

    __slots__ = ("_message",)

    def __init__(self, hint: str | None = None, *, name: str = "") -> None:
        self._message = hint or f"`{name}` is undefined"

    def _fail(self, *_: object) -> Any:
        raise Failure(f"template: {self._message}", 3)

    __bool__ = __iter__ = __len__ = __str__ = __call__ = __contains__ = __eq__ = _fail
    __hash__ = None  # type: ignore[assignment]


def look_up(value: Any, key: Any) -> Any:
    """`value.key` and `value[key]`: an entry of a mapping or list, else a public attribute of one of our own objects."""
    if type(value) is dict or isinstance(value, Mapping):  # nearly always the former, which is asked much faster
        return value[key] if key in value else Undefined(name=str(key))
    if isinstance(value, (list, tuple)) and isinstance(key, int):
        return value[key] if -len(value) <= key < len(value) else Undefined(name=str(key))
    if isinstance(value, Undefined):
        return bool(value)
    if isinstance(key, str) and not key.startswith("_"):
        return getattr(value, key, Undefined(name=key))
    return Undefined(name=str(key))


class Loop:
    """The `loop` of a for block: index, index0, first, last, length."""

    __slots__ = ("_items", "index0", "length")

    def __init__(self, items: Iterable[Any], _undefined: object = None) -> None:
        self._items = list(items)
        self.length = len(self._items)
        self.index0 = -1

    def __iter__(self) -> Iterator[tuple[Any, Loop]]:
        for item in self._items:
            self.index0 += 1
            yield item, self

    @property
    def index(self) -> int:
        return self.index0 + 1

    @property
    def first(self) -> bool:
        return self.index0 == 0

    @property
    def last(self) -> bool:
        return self.index == self.length


def macro(
    _environment: object, body: Callable[..., str], name: str, parameters: tuple[str, ...], *_: object
) -> Callable[..., Fragment]:
    """A macro: its result is the template's own text, not a value."""

    def call(*positional: Any, **named: Any) -> Fragment:
        if len(positional) > len(parameters) or not named.keys() <= set(parameters):
            raise Failure(f"template: macro `{name}` takes {', '.join(parameters) or 'nothing'}", 3)
        given = dict(zip(parameters, positional, strict=False)) | named
        return Fragment(body(*(given.get(parameter, missing) for parameter in parameters)))

    return call


class Context:
    """The variables of one rendering, and the values of its placeholders. `notes` are what a template took down that was compiled ahead."""

    __slots__ = ("exported_vars", "notes", "values", "vars")

    def __init__(self, variables: Mapping[str, Any]) -> None:
        self.vars = dict(variables)
        self.exported_vars: set[str] = set()
        self.values: list[Any] = []
        self.notes: list[int] = []

    eval_ctx = type("EvalContext", (), {"autoescape": True, "volatile": False})

    def resolve_or_missing(self, name: str) -> Any:
        return self.vars.get(name, missing)

    def call(self, function: Callable[..., Any], *positional: Any, _loop_vars: object = None, **named: Any) -> Any:
        return function(*positional, **named)


def _default(value: Any, fallback: Any = "", falsy: bool = False) -> Any:
    return fallback if isinstance(value, Undefined) or (falsy and not value) else value


class Environment:
    """The filters, tests and look-ups that compiled templates ask for."""

    undefined = Undefined
    concat = staticmethod("".join)
    getattr = staticmethod(look_up)
    getitem = staticmethod(look_up)
    filters: Mapping[str, Callable[..., Any]] = {
        "default": _default,
        "d": _default,
        "length": len,
        "lower": str.lower,
        "upper": str.upper,
        "int": int,
        "string": str,
        "list": list,
        "sort": lambda value: sorted(value),
        "items": lambda value: list(value.items()),
        "dictsort": lambda value: sorted(value.items()),
        "join": lambda value, separator="": separator.join(str(item) for item in value),
        "first": lambda value: value[0],
        "last": lambda value: value[-1],
    }
    tests: Mapping[str, Callable[..., bool]] = {
        "defined": lambda value: not isinstance(value, Undefined),
        "undefined": lambda value: isinstance(value, Undefined),
        "none": lambda value: value is None,
        "string": lambda value: isinstance(value, str),
        "mapping": lambda value: isinstance(value, Mapping),
        "sequence": lambda value: isinstance(value, (list, tuple)),
        "boolean": lambda value: isinstance(value, bool),
        "number": lambda value: isinstance(value, (int, float)),
        "in": lambda value, container: value in container,
        "equalto": lambda value, other: value == other,
    }

    @staticmethod
    def finalize(context: Context, value: Any) -> str:
        kind, values = type(value), context.values
        if kind is Fragment:
            return str(value)
        if kind is Undefined:
            str(value)
        values.append(value)
        return placeholder(len(values) - 1)


def _join(parts: Iterable[Any]) -> str:
    """`~` makes one value of several, or one text of several of the template's own (macros, set blocks).

    A value beside such text would become text itself, without being quoted.
    """
    pieces = list(parts)
    own = [isinstance(piece, Fragment) for piece in pieces]
    if any(own) and not all(own):
        raise Failure("template: `~` glues a value to text of the template: compose the whole value in one expression")
    joined = "".join(str(piece) for piece in pieces)
    return Fragment(joined) if all(own) else joined


RUNTIME: Mapping[str, Any] = {
    "environment": Environment(),
    "LoopContext": Loop,
    "Macro": macro,
    "Markup": Fragment,
    "Undefined": Undefined,
    "escape": str,
    "identity": lambda value: value,
    "internalcode": lambda function: function,
    "markup_join": _join,
    "str_join": lambda parts: "".join(str(part) for part in parts),
    "missing": missing,
    "TemplateRuntimeError": Failure,
}
"""Everything compiled source may import from jinja2.runtime."""
