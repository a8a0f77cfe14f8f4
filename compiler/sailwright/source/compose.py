"""Bytes to YAML nodes with libyaml, every tag left open: scalars.py decides what a plain scalar means.

libyaml composes ten times faster than pure Python and keeps a mark on every node; its resolver is half of its cost and
reads YAML 1.1, so it is switched off.
"""

from __future__ import annotations

import operator
from collections.abc import Iterator
from itertools import islice
from typing import Any

import yaml
from yaml.events import CollectionEndEvent, CollectionStartEvent
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from sailwright.source.anchors import AnchorComposer, is_redefinition
from sailwright.source.depth import MAX_DEPTH, may_be_deep
from sailwright.source.json_nodes import compose_json, is_json, needs_json_reader

PLAIN = "plain"
QUOTED = "quoted"
MAPPING = "map"
SEQUENCE = "seq"

Mark = tuple[int, int]
"""Line and column, both from 0, as libyaml counts them."""

_Parser: Any = getattr(yaml, "CParser", None) or __import__("yaml.cyaml", fromlist=["CParser"]).CParser


class _Composer(_Parser):  # type: ignore[misc]  # libyaml's composer takes its resolver from the subclass
    def resolve(self, kind: type[Node], _value: object, implicit: Any) -> str:
        if kind is ScalarNode:
            return PLAIN if implicit[0] else QUOTED
        return MAPPING if kind is MappingNode else SEQUENCE

    # Called for every node, for resolvers that go by its path: ours does not, and nothing is done fastest by a builtin.
    descend_resolver = staticmethod(operator.is_)
    ascend_resolver = staticmethod(tuple)


def compose(text: str) -> Iterator[Node]:
    """Yield the root node of each document; an empty document gives a plain scalar without text.

    Raises `yaml.MarkedYAMLError` or `yaml.reader.ReaderError` where the text is no YAML.
    """
    if needs_json_reader(text) and is_json(text):
        yield compose_json(text, PLAIN, QUOTED, MAPPING, SEQUENCE)
        return
    try:
        yield from _compose_yaml(text)
    except yaml.YAMLError:
        if not is_json(text):
            raise
        yield compose_json(text, PLAIN, QUOTED, MAPPING, SEQUENCE)


def _compose_yaml(text: str) -> Iterator[Node]:
    composer, given = _Composer(text), 0
    try:
        while composer.check_node():
            yield composer.get_node()
            given += 1
    except yaml.YAMLError as error:
        if not is_redefinition(error):
            raise
        yield from islice(_compose_again(text), given, None)
    finally:
        composer.dispose()


def _compose_again(text: str) -> Iterator[Node]:
    composer = _Composer(text)
    try:
        yield from AnchorComposer(composer, composer.resolve).documents()
    finally:
        composer.dispose()


def events(text: str) -> Any:
    """A parser of the text, of which `get_event` gives the next event and `resolve` the tag of what has none."""
    return _Composer(text)


def too_deep(text: str) -> int:
    """The line (from 1) at which nesting passes MAX_DEPTH, else 0. libyaml composes recursively: a bomb would end the process.

    Only a text that could be deep is looked at: the exact answer costs as much as parsing.
    """
    if not may_be_deep(text):
        return 0
    line, stopped = _passed(text)
    if line or stopped < 0:
        return line  # where it is no YAML for another reason, composing tells that, with words
    return _passed(text[:stopped])[0]


def _passed(text: str) -> tuple[int, int]:
    """The line (from 1) at which nesting passes MAX_DEPTH, else 0; and the place where libyaml gave up, else -1.

    libyaml reads ahead of what it tells, and some versions refuse deep nesting there, each in its own words. So the words do
    not count: what stands before the place is judged by our own measure.
    """
    parser, depth = _Parser(text), 0
    try:
        while parser.check_event():
            event = parser.get_event()
            if isinstance(event, CollectionStartEvent):
                depth += 1
                if depth > MAX_DEPTH:
                    return (event.start_mark.line + 1 if event.start_mark else 1), -1
            elif isinstance(event, CollectionEndEvent):
                depth -= 1
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        return 0, mark.index if mark else -1
    except yaml.YAMLError:
        return 0, -1
    finally:
        parser.dispose()
    return 0, -1


def find(node: Node, key: str) -> tuple[Node, Node] | None:
    """The key and value node of an entry of a mapping, looked for in merged (`<<`) mappings last."""
    entries, merged = _entries(node)
    if key in entries:
        return entries[key]
    for source in merged:
        if isinstance(source, MappingNode) and (found := find(source, key)):
            return found
    return None


def _entries(node: Any) -> tuple[dict[str, tuple[Node, Node]], list[Node]]:
    """The entries of a mapping by key, the first of two with one key, and what it merges; kept on the node."""
    known = getattr(node, "entries", None)
    if known is None:
        entries: dict[str, tuple[Node, Node]] = {}
        merged: list[Node] = []
        for key_node, value_node in node.value:
            if isinstance(key_node, ScalarNode):
                entries.setdefault(key_node.value, (key_node, value_node))
                if key_node.value == "<<" and key_node.tag == PLAIN:
                    merged += value_node.value if isinstance(value_node, SequenceNode) else [value_node]
        known = node.entries = (entries, merged)
    return known
