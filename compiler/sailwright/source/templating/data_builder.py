"""A template's text with placeholders, parsed once and turned into a function from the placeholders' values to data."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from sailwright.source.scalars import resolver
from sailwright.source.service_reader import OPEN, read_service
from sailwright.source.shared_parts import share
from sailwright.source.templating.placeholders import PLACEHOLDER, Placeholder

DataBuilder = Callable[[list[Any]], Any]


@lru_cache(maxsize=4096)
def data_builder(text: str, template: str) -> DataBuilder:
    """The function that builds the template's data from its values. Raises Failure where the text is no YAML."""
    shape = read_service(f"{text.rstrip()}\n", _plain)
    if shape is None:
        from sailwright.source.templating.shape import read_shape

        shape = read_shape(text, template)
    parts: list[Any] = []
    source = _expression(shape, parts)
    scope = {"__builtins__": {}, "_text": _text, "_parts": tuple(parts)}
    names = "".join(f", _part{number}=_parts[{number}]" for number in range(len(parts)))
    function: DataBuilder = eval(f"lambda placeholders{names}: {source}", scope)  # noqa: S307  # literals and placeholder numbers only
    return function


def _plain(text: str) -> Any:
    """What a plain scalar of a template stands for. Raises ValueError where an expression is glued to text."""
    if OPEN not in text:
        return resolver("service")(text)
    found = PLACEHOLDER.fullmatch(text)
    if found is None:
        raise ValueError
    return Placeholder(int(found[1]))


def _expression(shape: Any, parts: list[Any]) -> str:
    """The source of a value. `parts` gathers what is below it without a placeholder: that is the same in all that the template makes.

    Whoever changes something in rendered data makes a new one; the value itself is new each time.
    """
    if isinstance(shape, dict):
        entries = (f"{_key(key)}: {_below(value, parts)}" for key, value in shape.items())
        return "{" + ", ".join(entries) + "}"
    if isinstance(shape, list):
        return "[" + ", ".join(_below(item, parts) for item in shape) + "]"
    return f"placeholders[{shape.number}]" if isinstance(shape, Placeholder) else repr(shape)


def _below(shape: Any, parts: list[Any]) -> str:
    """The source of an entry or item."""
    before = len(parts)
    source = _expression(shape, parts)
    if not isinstance(shape, (dict, list)) or "placeholders" in source:
        return source
    own = {f"_part{number}": part for number, part in enumerate(parts)}
    whole = eval(source, {"__builtins__": {}, "_text": _text, **own})  # noqa: S307  # literals only
    del parts[before:]
    parts.append(whole)
    share(whole)
    return f"_part{len(parts) - 1}"


def _key(key: Any) -> str:
    return f"_text(placeholders[{key.number}])" if isinstance(key, Placeholder) else repr(key)


def _text(value: object) -> str:
    """A key that came out of a placeholder."""
    return value if isinstance(value, str) else str(value)
