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
    source = _expression(nodes[0], template) if nodes else "None"
    function: DataBuilder = eval(f"lambda placeholders: {source}", {"__builtins__": {}, "_text": _text})  # noqa: S307  # literals and placeholder numbers only
    return function


def _expression(node: Node, template: str) -> str:
    if isinstance(node, ScalarNode):
        return _scalar(node, template)
    if isinstance(node, MappingNode):
        entries = (f"{_key(key, template)}: {_expression(value, template)}" for key, value in node.value)
        return "{" + ", ".join(entries) + "}"
    return "[" + ", ".join(_expression(item, template) for item in node.value) + "]"


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
