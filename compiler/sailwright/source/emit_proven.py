"""Documents to text that is proven to hold them, laid out once for all documents of one shape.

Two documents have the same shape where they differ in nothing but their scalars, none of which changes its type. The text of the second
one of a shape is written by `emit` and proven by `holds`, and so is the same with a marker in the place of each scalar. All others take
the lines between the markers as they are, with the text of their own scalars in between, each of which was read back once as it is read
here. tests/source/test_emit_proven.py compares the two ways.
"""

from __future__ import annotations

import marshal
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from typing import Any

from sailwright.runtime.records import dataclass, field
from sailwright.source.block_proof import holds
from sailwright.source.block_reader import is_plain_block_style, read_value
from sailwright.source.document_shapes import SCALARS, Nodes, NoShape, Scalars, Shape, Way, along, getter, walk, way
from sailwright.source.emit import emit, scalar_text
from sailwright.source.shared_parts import Part, shared_parts

_MOST = 16_384
"""Scalars and shapes that are known; then all are forgotten."""
_LAYOUTS = 256
"""Shapes that are laid out: a layout is as long as its documents. Of further ones each document is written by itself."""
_MARKER = "Sailwright-scalar-{}-"


class _NoText(Exception):
    """A scalar whose text is not proven."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """What documents have in common of which the keys are the same, the types of all values, and all values that are no text.

    `number` is that of their shape. `texts` are the document's own. Its scalars are in the order of `document_shapes.walk`.
    """

    number: int
    others: tuple[tuple[type, Any], ...]
    texts: list[str] = field(compare=False, repr=False)


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
    likeness: Likeness | None = None
    for document in documents:
        text, likeness = known.text(document, likeness.number if likeness else None) or (None, None)
        if text is None:
            text = emit(document)
            proven = proven and holds(text, (document,))
        texts.append(text)
        alike.append(likeness)
    return Emitted("---\n".join(texts), proven, tuple(alike))


@dataclass(frozen=True, slots=True)
class _Layout:
    """The text of a shape, which has a number: `pieces`, with room for a scalar between each two, which `ordered` puts in the order of the text.

    `parts` are shared by all documents of the shape, and `written` is what they were when they were laid out. `way` leads through them.
    """

    number: int
    way: Way
    pieces: list[str]
    ordered: Callable[[list[str]], Sequence[str]]
    parts: list[Any]
    written: bytes


class _Texts(dict[Any, str]):
    """The text of each scalar, looked up by itself where it is text, else by its type and itself. _NoText where it is not proven."""

    def __missing__(self, scalar: Any) -> str:
        value = scalar if type(scalar) is str else scalar[1]
        text = scalar_text(value)
        found = read_value(text) if is_plain_block_style(f"{text}\n") else None
        if found is None or found[0] != "scalar" or found[1] != value or type(found[1]) is not type(value):
            raise _NoText
        if len(self) >= _MOST:
            self.clear()
        self[scalar] = text
        return text


@cache
def _known() -> _Known:
    return _Known()


@dataclass(frozen=True, slots=True)
class _Known:
    """The nodes and the layouts that were met, the shapes that were met once, and the texts of scalars.

    `following` has the layout that came last after another: services are much alike, so it is likely to come again.
    """

    nodes: Nodes = field(default_factory=Nodes)
    layouts: dict[Shape, _Layout | None] = field(default_factory=dict)
    following: dict[int | None, _Layout] = field(default_factory=dict)
    once: set[Shape] = field(default_factory=set)
    texts: _Texts = field(default_factory=_Texts)
    parts: dict[int, Part] = field(default_factory=shared_parts)

    def text(self, document: Any, before: int | None) -> tuple[str, Likeness] | None:
        """The text of a document, proven, and its likeness; None where there is no layout for it. `before` is that of the one before it."""
        if type(document) is not dict or not document or id(document) in self.parts:
            return None
        layout = self.following.get(before)
        scalars = along(layout.way, document) if layout is not None else None
        try:
            if scalars is None:
                scalars = Scalars()
                layout = self._looked_up(document, scalars)
            if layout is None or marshal.dumps(layout.parts, 2) != layout.written:
                return None
            texts = self._texts(scalars)
        except (NoShape, _NoText, RecursionError):
            return None
        self.following[before] = layout
        lines = layout.pieces[:]
        lines[1::2] = layout.ordered(texts)
        return "".join(lines), Likeness(layout.number, tuple(scalars.others), scalars.texts)

    def _texts(self, scalars: Scalars) -> list[str]:
        return [*map(self.texts.__getitem__, scalars.texts), *map(self.texts.__getitem__, scalars.others)]

    def _looked_up(self, document: Any, scalars: Scalars) -> _Layout | None:
        """The layout of a document's shape, which is made the second time; None where it has none. Its scalars are noted."""
        met: list[int | None] = []
        walk(document, self.nodes, self.parts, met, scalars)
        shape = tuple(met)
        if shape not in self.layouts:
            if not self._is_worth_a_layout(shape):
                return None
            self.layouts[shape] = self._layout(document, scalars)
        return self.layouts[shape]

    def _is_worth_a_layout(self, shape: Shape) -> bool:
        """Whether a shape was met before; most of the few documents of a small project have one each."""
        if shape in self.once:
            return len(self.layouts) < _LAYOUTS
        if len(self.once) >= _MOST:
            self.once.clear()
        self.once.add(shape)
        return False

    def _layout(self, document: Any, scalars: Scalars) -> _Layout | None:
        parts: list[Any] = []
        texts, first_other = self._texts(scalars), len(scalars.texts)
        numbers = iter(range(first_other)), iter(range(first_other, len(texts)))
        text, marked = emit(document), emit(self._marked(document, *numbers, parts))
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
        ordered, through = getter(tuple(number for _, number in places)), way(document, self.nodes, self.parts)
        return _Layout(len(self.layouts), through, pieces, ordered, parts, marshal.dumps(parts, 2))

    def _marked(self, value: Any, texts: Iterator[int], others: Iterator[int], parts: list[Any]) -> Any:
        """A copy of a mapping or list with markers for its scalars, numbered in the order of `walk`; shared parts stay as they are."""
        keys = list(value) if type(value) is dict else range(len(value))
        marked = {key: value[key] for key in keys}
        for key in keys:
            if type(value[key]) in SCALARS:
                marked[key] = _MARKER.format(next(texts if type(value[key]) is str else others))
        for key in keys:
            if type(value[key]) not in SCALARS and value[key]:
                if id(value[key]) in self.parts:
                    parts.append(value[key])
                else:
                    marked[key] = self._marked(value[key], texts, others, parts)
        return marked if type(value) is dict else list(marked.values())
