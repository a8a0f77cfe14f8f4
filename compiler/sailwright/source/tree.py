"""YAML nodes to plain data (dict, list, str, int, float, bool, None), and what is wrong with them on the way."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from yaml.nodes import MappingNode, Node, ScalarNode

from sailwright.diagnostics.finding import Finding, Related
from sailwright.runtime.records import dataclass, field
from sailwright.source.compose import MAPPING, PLAIN, QUOTED, SEQUENCE
from sailwright.source.scalars import Scalar

Twice = tuple[str, Node, Node]
"""A key that a mapping has already, where it is written again, and where first."""

MAX_ALIASED = 50_000
"""Nodes that aliases may add to a document: enough for any real file, too few for an explosion."""

_TAG = "tag:yaml.org,2002:"
_TEXT_TAGS = frozenset((QUOTED, _TAG + "str"))
_PLAIN_TAGS = frozenset(_TAG + name for name in ("int", "float", "bool", "null"))
COLLECTION_TAGS = frozenset((MAPPING, SEQUENCE, _TAG + "map", _TAG + "seq"))


@dataclass(slots=True)
class Builder:
    """Turns the nodes of one document of `file` into data. What is wrong is collected; the value is built all the same.

    `aliases`: whether the document may have any.
    """

    file: str
    resolve: Callable[[str], Scalar]
    aliases: bool = True
    findings: list[Finding] = field(default_factory=list)
    _open: set[int] = field(default_factory=set)
    _seen: set[int] = field(default_factory=set)
    _aliased: int = 0

    def build(self, node: Node) -> Any:
        """The value of a node. Every value of every file passes here: the common cases come first and call little."""
        tag = node.tag
        if tag == PLAIN:
            return self.resolve(node.value)
        if tag == QUOTED:
            return node.value
        if isinstance(node, ScalarNode):
            return self._tagged(node)
        if tag not in COLLECTION_TAGS:
            self.unknown_tag(node)
        if not self.aliases:
            return self._collection(node)
        if not self._enter(node):
            return None
        mark = id(node)
        self._open.add(mark)
        value = self._collection(node)
        self._open.discard(mark)
        return value

    def _collection(self, node: Node) -> Any:
        return self._mapping(node) if isinstance(node, MappingNode) else [self.build(item) for item in node.value]

    def _enter(self, node: Node) -> bool:
        """Whether a collection may be built: no recursion, no explosion of aliases."""
        mark = id(node)
        if mark not in self._seen:
            self._seen.add(mark)
            return True
        if mark in self._open:
            self.fault(
                "yaml-recursive-alias", "an alias refers to the collection it stands in: write the value out", node
            )
            return False
        self._aliased += 1 + len(node.value)
        if self._aliased <= MAX_ALIASED:
            return True
        if self._aliased < 2 * MAX_ALIASED:
            message = f"aliases add more than {MAX_ALIASED:,} values: write the values out"
            self.fault("yaml-alias-bomb", message, node)
            self._aliased = 2 * MAX_ALIASED
        return False

    def _tagged(self, node: ScalarNode) -> Scalar:
        if node.tag in _TEXT_TAGS:
            return str(node.value)
        if node.tag in _PLAIN_TAGS:
            return self.resolve(node.value)
        self.unknown_tag(node)
        return str(node.value)

    def unknown_tag(self, node: Node) -> None:
        """Say that the tag of a node means nothing."""
        self.fault("yaml-unsupported-tag", f"the tag {_short(node.tag)} has no meaning here: remove it", node)

    def duplicates(self, twice: Sequence[Twice]) -> None:
        """Say which keys a mapping has already. Where they are those of a second object, what is missing is the line between."""
        keys = [key for key, _, _ in twice]
        if "apiVersion" in keys and "kind" in keys:
            key, node, first = twice[0]
            message = f"a second object begins here (the key `{key}` is written twice): write `---` above it"
            self.fault("yaml-duplicate-key", message, node, first)
            return
        for key, node, first in twice:
            self.fault("yaml-duplicate-key", f"the key `{key}` is written twice: keep one of them", node, first)

    def _mapping(self, node: MappingNode) -> dict[str, Any]:
        value: dict[str, Any] = {}
        merged: list[Node] = []
        firsts: dict[str, Node] = {}
        twice: list[Twice] = []
        for key_node, value_node in node.value:
            key = self.resolve(key_node.value) if key_node.tag == PLAIN else None
            if type(key) is not str:
                key = self.key(key_node)
                if key is None:
                    continue
            if key == "<<" and key_node.tag == PLAIN:
                merged += self.merged(value_node)
                continue
            if key in value:
                twice.append((key, key_node, self._first(firsts, node, key)))
                continue
            value[key] = self.build(value_node)
        if twice:
            self.duplicates(twice)
        if merged:
            self.merge(value, merged)
        return value

    def merge(self, value: dict[str, Any], merged: list[Node]) -> None:
        """Add what a mapping inherits through `<<` to what it has itself."""
        for source in merged:
            inherited = self.build(source)
            if isinstance(inherited, dict):
                for key, item in inherited.items():
                    value.setdefault(key, item)

    def merged(self, node: Node) -> list[Node]:
        """What `<<` with the value `node` merges: it, or the items of the list that it is."""
        if isinstance(node, ScalarNode):
            self.fault("yaml-bad-merge", "`<<` merges mappings: give it an alias of one", node)
            return []
        return [node] if isinstance(node, MappingNode) else list(node.value)

    def _first(self, firsts: dict[str, Node], node: MappingNode, key: str) -> Node:
        """The first key of a mapping that reads so; `firsts` keeps those of all keys, once a duplicate was met."""
        if not firsts:
            for known, _ in node.value:
                text = self.key(known, silent=True)
                if text is not None:
                    firsts.setdefault(text, known)
        return firsts[key]

    def key(self, node: Node, *, silent: bool = False) -> str | None:
        """Keys are text, as in JSON: `1:` and `on:` are read as kubectl reads them, then written as text."""
        if not isinstance(node, ScalarNode):
            if silent:
                return None
            self.fault(
                "yaml-bad-key", "a key must be text, not a list or a mapping; a template is rendered first", node
            )
            return None
        if node.tag != PLAIN:
            return str(node.value)
        resolved = self.resolve(node.value)
        if isinstance(resolved, bool):
            return "true" if resolved else "false"
        return str(resolved) if isinstance(resolved, int) else str(node.value)

    def fault(self, rule: str, message: str, node: Node, first: Node | None = None) -> None:
        """`first` is the earlier definition of a duplicate."""
        from sailwright.source.locate import span

        related = (Related("first here", span(self.file, first)),) if first is not None else ()
        self.findings.append(Finding(rule, "error", message, span(self.file, node), related=related))


def _short(tag: str) -> str:
    return "!!" + tag.removeprefix(_TAG) if tag.startswith(_TAG) else tag
