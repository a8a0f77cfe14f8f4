"""The shape of a document: all of it but its scalars, of which the types are told.

A mapping is known by its keys and a list by its length, with the type of each value, and what is shared by its identity.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Sequence
from operator import itemgetter
from typing import Any

from sailwright.runtime.records import dataclass, field
from sailwright.source.shared_parts import Part

MOST = 16_384
"""Mappings and lists that are known."""
SCALARS = (str, int, bool, type(None))
_NESTED = (dict, list, tuple)

Shape = tuple[int | None, ...]
"""The numbers of the nodes in a document, from the top down; the identity of what is shared, and None for what is empty."""
_Node = tuple[int, Callable[[Any], Sequence[str]], tuple[type, ...], Callable[[Any], Sequence[Any]], tuple[Any, ...]]
"""Its number, what gives the values that are text, the types of the other scalars and what gives those, and the keys of what has parts
itself.
"""


class NoShape(Exception):
    """A document that holds something else than mappings with text keys, lists and scalars, or too many kinds of those."""


class Nodes(dict[tuple[Any, ...], _Node]):
    """The nodes that were met, each by its keys and then its types, or its types alone where it is a list."""

    def __missing__(self, known: tuple[Any, ...]) -> _Node:
        is_list = isinstance(known[0], type)
        keys, kinds = (range(len(known)), known) if is_list else (known[: len(known) // 2], known[len(known) // 2 :])
        by_kind = list(zip(keys, kinds, strict=True))
        if not all(kind in SCALARS or kind in _NESTED for kind in kinds) or not (
            is_list or {*map(type, keys)} == {str}
        ):
            raise NoShape
        texts = getter(tuple(key for key, kind in by_kind if kind is str))
        others = [(key, kind) for key, kind in by_kind if kind in SCALARS and kind is not str]
        other_kinds, other_values = tuple(kind for _, kind in others), getter(tuple(key for key, _ in others))
        node = len(self), texts, other_kinds, other_values, tuple(key for key, kind in by_kind if kind in _NESTED)
        if len(self) >= MOST:
            raise NoShape
        self[known] = node
        return node


@dataclass(frozen=True, slots=True)
class Scalars:
    """The scalars of a document: the texts, and the others with their types. Each mapping or list has its own first, then those below."""

    texts: list[Any] = field(default_factory=list)
    others: list[Any] = field(default_factory=list)


def walk(value: Any, nodes: Nodes, parts: dict[int, Part], shape: list[int | None], scalars: Scalars) -> None:
    """Note the shape of a mapping or list that has entries, and its scalars."""
    number, texts, kinds, others, nested = nodes[_known_by(value)]
    shape.append(number)
    scalars.texts.extend(texts(value))
    scalars.others.extend(zip(kinds, others(value), strict=True))
    for key in nested:
        item = value[key]
        if not item:
            shape.append(None)
        elif id(item) in parts:
            shape.append(id(item))
        else:
            walk(item, nodes, parts, shape, scalars)


def _known_by(value: Any) -> tuple[Any, ...]:
    return (*value, *map(type, value.values())) if type(value) is dict else (*map(type, value),)


@dataclass(frozen=True, slots=True)
class Way:
    """The way through all documents of one shape, which looks up no node.

    `steps` are their mappings and lists in the order of `walk`: the number of the one that each is in (the document itself is in the
    first), its key there, whether it is a mapping, what its node is known by, and what gives its scalars. `alike` is what is shared, by the
    number of what it is in: what gives it, and the identities. `empty` has the number and the key of what is empty.
    """

    steps: list[tuple[int, Any, bool, tuple[Any, ...], Any, tuple[type, ...], Any]] = field(default_factory=list)
    alike: list[tuple[int, Any, list[int]]] = field(default_factory=list)
    empty: list[tuple[int, Any]] = field(default_factory=list)


def way(document: dict[str, Any], nodes: Nodes, parts: dict[int, Part]) -> Way:
    """The way through a document."""
    found = Way()
    _note(document, 0, 0, found, nodes, parts)
    return found


def _note(value: Any, at: int, key: Any, found: Way, nodes: Nodes, parts: dict[int, Part]) -> None:
    known = _known_by(value)
    _, texts, kinds, others, nested = nodes[known]
    found.steps.append((at, key, type(value) is dict, known, texts, kinds, others))
    number = len(found.steps)
    shared = tuple(inner for inner in nested if value[inner] and id(value[inner]) in parts)
    if shared:
        found.alike.append((number, getter(shared), [id(value[inner]) for inner in shared]))
    for inner in nested:
        if not value[inner]:
            found.empty.append((number, inner))
        elif inner not in shared:
            _note(value[inner], number, inner, found, nodes, parts)


def along(way: Way, document: Any) -> Scalars | None:
    """The scalars of a document, as `walk` notes them; None where the way does not lead through it."""
    values: list[Any] = [(document,)]
    found_texts: list[str] = []
    found_others: list[tuple[type, Any]] = []
    for at, key, is_mapping, known, texts, kinds, others in way.steps:
        value = values[at][key]
        if ((*value, *map(type, value.values())) if is_mapping else (*map(type, value),)) != known:
            return None
        values.append(value)
        found_texts += texts(value)
        if kinds:
            found_others += zip(kinds, others(value), strict=True)
    for at, items, identities in way.alike:
        if [*map(id, items(values[at]))] != identities:
            return None
    if any(values[at][key] for at, key in way.empty):
        return None
    return Scalars(found_texts, found_others)


def scalars_in(value: Any, fields: Container[str], parts: dict[int, Part], *, inside: bool = False) -> Scalars:
    """Of each scalar of a mapping or list, as `walk` notes them, whether it is in one of the fields (`inside`: all of them are)."""
    found = Scalars()
    pairs = [
        (inside or key in fields, item) for key, item in (value.items() if type(value) is dict else enumerate(value))
    ]
    found.texts.extend(within for within, item in pairs if type(item) is str)
    found.others.extend(within for within, item in pairs if type(item) in SCALARS and type(item) is not str)
    for within, item in pairs:
        if type(item) in _NESTED and item and id(item) not in parts:
            below = scalars_in(item, fields, parts, inside=within)
            found.texts.extend(below.texts)
            found.others.extend(below.others)
    return found


def getter(keys: tuple[Any, ...]) -> Callable[[Any], Sequence[Any]]:
    """What gives the values of some keys, in their order."""
    if len(keys) > 1:
        return itemgetter(*keys)
    return (lambda value: (value[keys[0]],)) if keys else (lambda _value: ())
