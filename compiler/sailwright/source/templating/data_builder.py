"""A template's text with placeholders, parsed once and turned into a function from the placeholders' values to data."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode

from sailwright.runtime.errors import Failure
from sailwright.source.compose import PLAIN, compose
from sailwright.source.scalars import resolver
from sailwright.source.shared_parts import share
from sailwright.source.templating.placeholders import OPEN, PLACEHOLDER

DataBuilder = Callable[[list[Any]], Any]


@lru_cache(maxsize=4096)
def data_builder(text: str, template: str) -> DataBuilder:
    """The function that builds the template's data from its values. Raises Failure where the text is no YAML."""
    try:
        nodes = [node for node in compose(text) if node.value or not isinstance(node, ScalarNode)]
    except yaml.YAMLError as error:
        raise Failure(f"{template}: the template renders to what is not YAML: {_place(error)}") from None
    if len(nodes) > 1:
        raise Failure(f"{template}: a template yields one document, this one yields {len(nodes)}: remove the `---`")
    parts: list[Any] = []
    source = _expression(nodes[0], template, parts) if nodes else "None"
    scope = {"__builtins__": {}, "_text": _text, "_parts": tuple(parts)}
    names = "".join(f", _part{number}=_parts[{number}]" for number in range(len(parts)))
    function: DataBuilder = eval(f"lambda placeholders{names}: {source}", scope)  # noqa: S307  # literals and placeholder numbers only
    return function


def _expression(node: Node, template: str, parts: list[Any]) -> str:
    """The source of a value. `parts` gathers what is below it without a placeholder: that is the same in all that the template makes.

    Whoever changes something in rendered data makes a new one; the value itself is new each time.
    """
    if isinstance(node, ScalarNode):
        return _scalar(node, template)
    if isinstance(node, MappingNode):
        entries = (f"{_key(key, template)}: {_below(value, template, parts)}" for key, value in node.value)
        return "{" + ", ".join(entries) + "}"
    return "[" + ", ".join(_below(item, template, parts) for item in node.value) + "]"


def _below(node: Node, template: str, parts: list[Any]) -> str:
    """The source of an entry or item."""
    before = len(parts)
    source = _expression(node, template, parts)
    if isinstance(node, ScalarNode) or "placeholders" in source:
        return source
    own = {f"_part{number}": part for number, part in enumerate(parts)}
    whole = eval(source, {"__builtins__": {}, "_text": _text, **own})  # noqa: S307  # literals only
    del parts[before:]
    parts.append(whole)
    share(whole)
    return f"_part{len(parts) - 1}"


def _key(node: Node, template: str) -> str:
    source = _scalar(node, template) if isinstance(node, ScalarNode) else None
    if source is None:
        raise Failure(f"{template}: line {node.start_mark.line + 1}: a key must be text")
    return f"_text({source})" if source.startswith("placeholders[") else repr(node.value)


def _scalar(node: ScalarNode, template: str) -> str:
    placeholder = PLACEHOLDER.fullmatch(node.value)
    if placeholder and node.tag == PLAIN:
        return f"placeholders[{int(placeholder[1])}]"
    if OPEN in node.value:
        shown = PLACEHOLDER.sub("{{ ... }}", node.value)
        raise Failure(
            f"{template}: `{shown}` glues an expression to text: it would break when the value is quoted;"
            " compose the whole value in one expression, or before the template"
        )
    return repr(resolver("service")(node.value) if node.tag == PLAIN else node.value)


def _text(value: object) -> str:
    """A key that came out of a placeholder."""
    return value if isinstance(value, str) else str(value)


def _place(error: yaml.YAMLError) -> str:
    mark = getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None) or "unreadable"
    return f"line {mark.line + 1} of its output: {problem}" if mark else str(problem)
