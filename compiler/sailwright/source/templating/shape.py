"""The shape of a template, read in full: what it is as data with placeholders in it, and what is wrong with it."""

from __future__ import annotations

from typing import Any

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode

from sailwright.runtime.errors import Failure
from sailwright.source.compose import PLAIN, compose
from sailwright.source.scalars import resolver
from sailwright.source.service_reader import OPEN
from sailwright.source.templating.placeholders import PLACEHOLDER, Placeholder


def read_shape(text: str, template: str) -> Any:
    """The data of a template's text. Raises Failure where that is no YAML, or glues an expression to text."""
    try:
        nodes = [node for node in compose(text) if node.value or not isinstance(node, ScalarNode)]
    except yaml.YAMLError as error:
        raise Failure(f"{template}: the template renders to what is not YAML: {_place(error)}") from None
    if len(nodes) > 1:
        raise Failure(f"{template}: a template yields one document, this one yields {len(nodes)}: remove the `---`")
    return _value(nodes[0], template) if nodes else None


def _value(node: Node, template: str) -> Any:
    if isinstance(node, ScalarNode):
        return _scalar(node, template)
    if isinstance(node, MappingNode):
        return {_key(key, template): _value(value, template) for key, value in node.value}
    return [_value(item, template) for item in node.value]


def _key(node: Node, template: str) -> Any:
    if not isinstance(node, ScalarNode):
        raise Failure(f"{template}: line {node.start_mark.line + 1}: a key must be text")
    found = _scalar(node, template)
    return found if isinstance(found, Placeholder) else node.value


def _scalar(node: ScalarNode, template: str) -> Any:
    placeholder = PLACEHOLDER.fullmatch(node.value)
    if placeholder and node.tag == PLAIN:
        return Placeholder(int(placeholder[1]))
    if OPEN in node.value:
        shown = PLACEHOLDER.sub("{{ ... }}", node.value)
        raise Failure(
            f"{template}: `{shown}` glues an expression to text: it would break when the value is quoted;"
            " compose the whole value in one expression, or before the template"
        )
    return resolver("service")(node.value) if node.tag == PLAIN else node.value


def _place(error: yaml.YAMLError) -> str:
    mark = getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None) or "unreadable"
    return f"line {mark.line + 1} of its output: {problem}" if mark else str(problem)
