"""From a key path to line and column, on the node tree of one document."""

from __future__ import annotations

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from sailwright.diagnostics.finding import Location, Path
from sailwright.source.compose import find


def span(file: str, node: Node) -> Location:
    """The place of a node: a scalar's whole span where it is on one line, else the first character."""
    start, end = node.start_mark, node.end_mark
    one_line = isinstance(node, ScalarNode) and end.line == start.line
    last = max(end.column, start.column + 1) if one_line else start.column + 1
    return Location(file, start.line + 1, start.column + 1, start.line + 1, last + 1)


def locate(file: str, root: Node | None, path: Path, *, key: bool) -> Location:
    """The place of the value (or, with `key`, of the key) at `path`; the deepest part of it that exists."""
    if root is None:
        return Location(file)
    node, key_node = root, None
    for step in path:
        entry = _step(node, step)
        if entry is None:
            key = True
            break
        key_node, node = entry
    if key_node is not None and (key or not isinstance(node, ScalarNode) or not node.value):
        return span(file, key_node)
    return span(file, node)


def _step(node: Node, step: str | int) -> tuple[Node | None, Node] | None:
    if isinstance(node, MappingNode):
        return find(node, str(step))
    if isinstance(node, SequenceNode) and isinstance(step, int) and 0 <= step < len(node.value):
        return None, node.value[step]
    return None
