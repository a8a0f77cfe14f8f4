"""Change values in a YAML file and nothing else: comments, order, quotes and layout of the rest keep their bytes.

An edit is a splice of the file's text at positions that the parser gave. What the result means is checked by reading it
again: an edit that would change more than it says (through an anchor, say) is not made.
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from itertools import pairwise

from yaml.nodes import CollectionNode, MappingNode, Node, ScalarNode, SequenceNode

from sailwright.diagnostics.finding import Path
from sailwright.source.compose import compose
from sailwright.source.edit import Add, Edit, Remove, Set, apply_edit
from sailwright.source.emit import emit
from sailwright.source.source import Source, parse


def edited(source: Source, index: int, edits: Sequence[Edit]) -> Source | None:
    """The file after `edits` of document number `index`; None where they cannot be made without touching more."""
    text = source.text
    root = list(compose(text))[index]
    splices = [_splice(text, root, edit) for edit in edits]
    wanted = deepcopy({document.index: document.value for document in source.documents})
    if None in splices or not all(apply_edit(wanted[index], edit) for edit in edits):
        return None
    ordered = sorted((splice for splice in splices if splice is not None), reverse=True)
    if any(before[1] > after[0] for after, before in pairwise(ordered)):
        return None
    for start, end, replacement in ordered:
        text = text[:start] + replacement + text[end:]
    mark = b"\xef\xbb\xbf" if source.data.startswith(b"\xef\xbb\xbf") else b""
    result = parse(source.path, mark + text.encode(), source.dialect)
    found = {document.index: document.value for document in result.documents}
    return result if found == wanted and not result.problems else None


Splice = tuple[int, int, str]
"""Start and end in the text, and what goes there."""


def _splice(text: str, root: Node, edit: Edit) -> Splice | None:
    parent = _find(root, edit.path[:-1])
    if not edit.path or not isinstance(parent, CollectionNode):
        return None
    number = _entry(parent, edit.path[-1])
    if isinstance(edit, Set):
        return _set(text, parent, number, edit)
    if isinstance(edit, Add):
        return _add(text, parent, edit) if number is None else None
    if number is None:
        return None
    if isinstance(edit, Remove):
        return _remove(text, parent, number)
    if not isinstance(parent, MappingNode):
        return None
    key = parent.value[number][0]
    return key.start_mark.index, key.end_mark.index, inline(edit.name)


def _find(node: Node, path: Path) -> Node | None:
    for key in path:
        number = _entry(node, key)
        if number is None:
            return None
        entry = node.value[number]
        node = entry[1] if isinstance(node, MappingNode) else entry
    return node


def _entry(node: Node, key: str | int) -> int | None:
    """The number of an entry of a mapping or of an item of a sequence."""
    if isinstance(node, MappingNode):
        keys = [entry.value if isinstance(entry, ScalarNode) else None for entry, _ in node.value]
        return keys.index(str(key)) if str(key) in keys else None
    if isinstance(node, SequenceNode) and isinstance(key, int) and key < len(node.value):
        return key
    return None


def _set(text: str, parent: CollectionNode, number: int | None, edit: Set) -> Splice | None:
    value = inline(edit.value)
    if number is not None:
        entry = parent.value[number]
        node = entry[1] if isinstance(parent, MappingNode) else entry
        start, end = node.start_mark.index, _end(text, node)
        blank = "" if text[start - 1 : start] in (" ", "[", "{", "\t") else " "
        return start, end, blank + _quoted_alike(node, edit.value, value)
    if not isinstance(parent, MappingNode):
        return None
    added = f"{inline(edit.path[-1])}: {value}"
    if not parent.value:
        return parent.start_mark.index, parent.end_mark.index, "{" + added + "}"
    first = parent.value[0][0].start_mark
    separator = ", " if parent.flow_style else _line_end(text) + " " * first.column
    return first.index, first.index, added + separator


def _add(text: str, parent: CollectionNode, edit: Add) -> Splice:
    mapping = isinstance(parent, MappingNode)
    added = f"{inline(edit.path[-1])}: {inline(edit.value)}" if mapping else inline(edit.value)
    if not parent.value:
        brackets = "{%s}" if mapping else "[%s]"
        return parent.start_mark.index, parent.end_mark.index, brackets % added
    end = _end(text, parent.value[-1][1] if mapping else parent.value[-1])
    if parent.flow_style:
        return end, end, f", {added}"
    first = (parent.value[0][0] if mapping else parent.value[0]).start_mark.index
    start = first if mapping else text.rindex("-", 0, first)
    line = " " * (start - text.rfind("\n", 0, start) - 1) + ("" if mapping else "- ") + added
    below = text.find("\n", end)
    if below < 0:
        return len(text), len(text), _line_end(text) + line
    return below + 1, below + 1, line + _line_end(text)


def _remove(text: str, parent: CollectionNode, number: int) -> Splice:
    entries = [(entry if isinstance(entry, tuple) else (entry, entry)) for entry in parent.value]
    start, end = entries[number][0].start_mark.index, _end(text, entries[number][1])
    if len(entries) == 1:
        whole = _end(text, parent) if parent.flow_style else end
        empty = "{}" if isinstance(parent, MappingNode) else "[]"
        return parent.start_mark.index, whole, empty if parent.flow_style else f" {empty}"  # deeper than the key above
    following = entries[number + 1][0].start_mark.index if number + 1 < len(entries) else None
    if parent.flow_style:
        return (start, following, "") if following is not None else (_end(text, entries[number - 1][1]), end, "")
    if isinstance(parent, SequenceNode):
        start = text.rindex("-", 0, start)
    line = text.rfind("\n", 0, start) + 1
    if text[line:start].strip():  # the first key of a list item: the next one moves up behind the dash
        return start, following if following is not None else end, ""
    below = text.find("\n", end)
    return line, len(text) if below < 0 else below + 1, ""


def _end(text: str, node: Node) -> int:
    """Where the content of a node ends; libyaml puts the end of a block collection before the next token.

    The empty lines after a block scalar that keeps them (`|+`) are part of it.
    """
    start, end = node.start_mark.index, node.end_mark.index
    if isinstance(node, ScalarNode) and node.style in ("|", ">") and "+" in text[start : start + 3]:
        return int(end) - text[:end].endswith("\n")
    if not isinstance(node, CollectionNode) or node.flow_style or not node.value:
        return int(start + len(text[start:end].rstrip()))
    last = node.value[-1]
    return _end(text, last[1] if isinstance(last, tuple) else last)


def inline(value: object) -> str:
    """A value on one line: collections in flow style."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{inline(key)}: {inline(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(inline, value)) + "]"
    if isinstance(value, str) and any(character in value for character in "\n,[]{}"):
        import json

        return json.dumps(value)
    return emit(value).rstrip("\n")


def _quoted_alike(node: Node, value: object, inline: str) -> str:
    """Text in place of quoted text keeps the quotes its author chose."""
    if not isinstance(node, ScalarNode) or not isinstance(value, str) or not value.isprintable():
        return inline
    if node.style == "'":
        return "'" + value.replace("'", "''") + "'"
    if node.style == '"':
        import json

        return json.dumps(value, ensure_ascii=False)
    return inline


def _line_end(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\n"
