"""Documents to text that is proven to hold them, laid out once for all documents of one shape.

Two documents have the same shape where they differ in nothing but their scalars, none of which changes its type. The text of the second
one of a shape is written by `emit` and proven by `holds`, and so is the same with a marker in the place of each scalar. All others take
the lines between the markers as they are, with the text of their own scalars in between, each of which was read back once as it is read
here. tests/source/test_emit_proven.py compares the two ways.
"""

from __future__ import annotations

import marshal
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from operator import itemgetter
from typing import Any

from sailwright.runtime.records import dataclass, field
from sailwright.source.block_proof import holds
from sailwright.source.block_reader import is_plain_block_style, read_value
from sailwright.source.emit import emit
from sailwright.source.shared_parts import Part, shared_parts

_MOST = 16_384
"""Scalars, and parts of shapes, that are known; then all are forgotten."""
_LAYOUTS = 256
"""Shapes that are laid out: a layout is as long as its documents. Of further ones each document is written by itself."""
_MARKER = "Sailwright-scalar-{}-"
_SCALARS = (str, int, bool, type(None))
_NESTED = (dict, list, tuple)

_Shape = tuple[int | None, ...]
"""The numbers of the nodes in a document, from the top down; the identity of what is shared, and None for what is empty."""
_Node = tuple[int, Callable[[Any], Sequence[str]], tuple[Any, ...], tuple[Any, ...]]
"""A mapping by its keys, or a list by its length, with the type of each value: its number, what gives the values that are text, the keys
of the other scalars, and the keys of what has parts itself.
"""


class _Other(Exception):
    """A document that no layout can be used for."""


Likeness = tuple[Any, ...]
"""What documents have in common of which the keys are the same, the types of all values, and all values that are no text."""


@dataclass(frozen=True, slots=True)
class Emitted:
    """Documents as text, and whether that is proven: of a text that is not, the full reader decides. `alike` has the likeness of each
    document where it is known.
    """

    text: str
    proven: bool
    alike: tuple[Likeness | None, ...]


def emit_proven(documents: Iterable[Any]) -> Emitted:
    """What `emit_all` makes of documents."""
    known, texts, alike, proven = _known(), [], [], True
    for document in documents:
        text, likeness = known.text(document) or (None, None)
        if text is None:
            text = emit(document)
            proven = proven and holds(text, (document,))
        texts.append(text)
        alike.append(likeness)
    return Emitted("---\n".join(texts), proven, tuple(alike))


@dataclass(frozen=True, slots=True)
class _Layout:
    """The text of a shape, which has a number: `pieces`, with room for a scalar between each two, which `ordered` puts in the order of the text.

    `parts` are shared by all documents of the shape, and `written` is what they were when they were laid out.
    """

    number: int
    pieces: list[str]
    ordered: Callable[[list[str]], Sequence[str]]
    parts: list[Any]
    written: bytes


class _Nodes(dict[tuple[Any, ...], _Node]):
    """The nodes that were met, each by its keys and then its types, or its types alone where it is a list."""

    def __missing__(self, known: tuple[Any, ...]) -> _Node:
        is_list = isinstance(known[0], type)
        keys, kinds = (range(len(known)), known) if is_list else (known[: len(known) // 2], known[len(known) // 2 :])
        by_kind = list(zip(keys, kinds, strict=True))
        if not all(kind in _SCALARS or kind in _NESTED for kind in kinds) or not (
            is_list or {*map(type, keys)} == {str}
        ):
            raise _Other
        texts = _getter(tuple(key for key, kind in by_kind if kind is str))
        others = tuple(key for key, kind in by_kind if kind in _SCALARS and kind is not str)
        node = len(self), texts, others, tuple(key for key, kind in by_kind if kind in _NESTED)
        if len(self) >= _MOST:
            raise _Other
        self[known] = node
        return node


class _Texts(dict[Any, str]):
    """The text of each scalar, looked up by itself where it is text, else by its type and itself. _Other where it is not proven."""

    def __missing__(self, scalar: Any) -> str:
        value = scalar if type(scalar) is str else scalar[1]
        text = emit(value)[:-1]
        found = read_value(text) if is_plain_block_style(f"{text}\n") else None
        if found is None or found[0] != "scalar" or found[1] != value or type(found[1]) is not type(value):
            raise _Other
        if len(self) >= _MOST:
            self.clear()
        self[scalar] = text
        return text


@cache
def _known() -> _Known:
    return _Known()


@dataclass(frozen=True, slots=True)
class _Known:
    """The nodes and the layouts that were met, the shapes that were met once, and the texts of scalars."""

    nodes: _Nodes = field(default_factory=_Nodes)
    layouts: dict[_Shape, _Layout | None] = field(default_factory=dict)
    once: set[_Shape] = field(default_factory=set)
    texts: _Texts = field(default_factory=_Texts)
    parts: dict[int, Part] = field(default_factory=shared_parts)

    def text(self, document: Any) -> tuple[str, Likeness] | None:
        """The text of a document, proven, and its likeness; None where there is no layout for it."""
        if type(document) is not dict or not document or id(document) in self.parts:
            return None
        met: list[int | None] = []
        scalars: list[Any] = []
        try:
            _walk(document, self.nodes, self.parts, met, scalars)
            shape = tuple(met)
            if shape not in self.layouts and not self._is_worth_a_layout(shape):
                return None
            texts = list(map(self.texts.__getitem__, scalars))
            layout = self.layouts.get(shape) or self._laid_out(document, shape, texts)
            if layout is None or marshal.dumps(layout.parts, 2) != layout.written:
                return None
            lines = layout.pieces[:]
            lines[1::2] = layout.ordered(texts)
        except (_Other, RecursionError):
            return None
        return "".join(lines), (layout.number, *[scalar for scalar in scalars if type(scalar) is tuple])

    def _is_worth_a_layout(self, shape: _Shape) -> bool:
        """Whether a shape was met before; most of the few documents of a small project have one each."""
        if shape in self.once:
            return len(self.layouts) < _LAYOUTS
        if len(self.once) >= _MOST:
            self.once.clear()
        self.once.add(shape)
        return False

    def _laid_out(self, document: Any, shape: _Shape, texts: Sequence[str]) -> _Layout | None:
        """The layout of a shape from now on; None where it has none."""
        if shape in self.layouts:
            return None
        layout = self.layouts[shape] = self._layout(document, texts)
        return layout

    def _layout(self, document: Any, texts: Sequence[str]) -> _Layout | None:
        parts: list[Any] = []
        text, marked = emit(document), emit(self._marked(document, iter(range(len(texts))), parts))
        places = sorted((marked.find(_MARKER.format(number)), number) for number in range(len(texts)))
        pieces: list[str] = []
        at = 0
        for place, number in places:
            pieces += (marked[at:place], texts[number])
            at = place + len(_MARKER.format(number))
        pieces.append(marked[at:])
        alone = all(marked.count(_MARKER.format(number)) == 1 for number in range(len(texts)))
        if not alone or "".join(pieces) != text or not holds(text, (document,)):
            return None
        return _Layout(
            len(self.layouts), pieces, _getter(tuple(number for _, number in places)), parts, marshal.dumps(parts, 2)
        )

    def _marked(self, value: Any, numbers: Iterable[int], parts: list[Any]) -> Any:
        """A copy of a mapping or list with markers for its scalars, numbered in the order of `_walk`; shared parts stay as they are."""
        numbered = iter(numbers)
        keys = list(value) if type(value) is dict else range(len(value))
        marked = {key: value[key] for key in keys}
        kinds = {key: type(value[key]) for key in keys}
        texts = [key for key in keys if kinds[key] is str]
        for key in (*texts, *(key for key in keys if kinds[key] in _SCALARS and kinds[key] is not str)):
            marked[key] = _MARKER.format(next(numbered))
        for key in keys:
            if kinds[key] not in _SCALARS and value[key]:
                if id(value[key]) in self.parts:
                    parts.append(value[key])
                else:
                    marked[key] = self._marked(value[key], numbered, parts)
        return marked if type(value) is dict else list(marked.values())


def _walk(value: Any, nodes: _Nodes, parts: dict[int, Part], shape: list[int | None], scalars: list[Any]) -> None:
    """Note the shape of a mapping or list that has entries, and its scalars: its own, then those of each part below."""
    if type(value) is dict:
        number, texts, others, nested = nodes[(*value, *map(type, value.values()))]
    else:
        number, texts, others, nested = nodes[(*map(type, value),)]
    shape.append(number)
    scalars += texts(value)
    for key in others:
        item = value[key]
        scalars.append((type(item), item))
    for key in nested:
        item = value[key]
        if not item:
            shape.append(None)
        elif id(item) in parts:
            shape.append(id(item))
        else:
            _walk(item, nodes, parts, shape, scalars)


def _getter(keys: tuple[Any, ...]) -> Callable[[Any], Sequence[Any]]:
    """What gives the values of some keys, in their order."""
    if len(keys) > 1:
        return itemgetter(*keys)
    return (lambda value: (value[keys[0]],)) if keys else (lambda _value: ())
