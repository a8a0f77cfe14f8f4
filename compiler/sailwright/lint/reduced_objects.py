"""Objects of which only a few fields are held: enough for rules that ask the whole mesh, of which there may be ten thousand services.

Which fields those rules read is noted while they run over a few services (see `lint.noted_fields`). Whoever asks one of the other objects
for another field gets FieldLeftOut, so that nothing is ever answered by what is not there.
"""

from __future__ import annotations

import marshal
from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any, Final

from sailwright.diagnostics.finding import Path
from sailwright.lint.held_fields import AlikeLayout, FieldsLayout, Layout, ListLayout, PlainLayout, parts_of
from sailwright.lint.noted_fields import ALL, CONTAINER, LISTS, POD, Noted, noting_value
from sailwright.mesh.objects.sidecar_containers import INJECTED_CONTAINERS
from sailwright.mesh.values.kinds import template_of_kind
from sailwright.runtime.records import dataclass, field
from sailwright.source.manifest import Manifest, Origin, Written
from sailwright.source.source import Document, Source
from sailwright.source.untyped import mapping, text

OBJECT, METADATA, TEMPLATE, INJECTED = "object", "metadata of", "template", "injected container"
POD_METADATA = "metadata of pods"

IDENTITY: Final[frozenset[tuple[str, str]]] = frozenset(
    (
        *((OBJECT, key) for key in ("apiVersion", "kind", "metadata", "spec")),
        (TEMPLATE, "metadata"),
        (TEMPLATE, "spec"),
        (POD_METADATA, "labels"),
        *((POD, key) for key in LISTS),
        (CONTAINER, "name"),
        (INJECTED, "name"),
    )
)
"""What is held of every object."""

_NAMES: Final = ("name", "namespace", "generateName")
"""What is held of the metadata of every object."""

_KNOWN: Final = (None, (), ("spec", "template"))
"""Where pods are in the objects that are reduced; others are held whole."""

_MOST_TEXTS: Final = 1 << 13
"""Texts that are known to have been met: those of one service are met together."""

_MOST_ALIKE: Final = 256
"""Containers that are held once for all pods that have the same."""


@dataclass(frozen=True, slots=True, eq=False)
class _Level:
    """A mapping in an object: of what its fields are noted, if they are, those that are held `always`, and the mappings in it.

    A list has the mappings `each`.
    """

    what: str = ""
    always: tuple[str, ...] = ()
    below: Mapping[str, _Level] = field(default_factory=dict)
    each: _Level | None = None


_CONTAINER: Final = _Level(CONTAINER)
_INJECTED: Final = _Level(INJECTED)
_POD: Final = _Level(POD, below=dict.fromkeys(LISTS, _Level(each=_CONTAINER)))
_TEMPLATE: Final = _Level(TEMPLATE, below={"metadata": _Level(POD_METADATA), "spec": _POD})


def _level_of(kind: str, pods: tuple[str, ...] | None) -> _Level:
    """What an object of a kind has in it, with `pods` there."""
    if pods == ():
        spec = _POD
    else:
        spec = _Level(kind) if pods is None else _Level(kind, ("template",), {"template": _TEMPLATE})
    return _Level(OBJECT, (), {"metadata": _Level(f"{METADATA} {kind}", _NAMES), "spec": spec})


Fields = tuple[tuple[str, ...], frozenset[str]]
"""The keys of a mapping that are held, and those that are left out."""


@dataclass(frozen=True, slots=True)
class Reduction:
    """What is held of objects: these `fields` of each, or all where None is given. What is read is `noted`."""

    noted: Noted
    fields: frozenset[tuple[str, str]] | None = None
    _levels: dict[tuple[str, tuple[str, ...] | None], _Level] = field(default_factory=dict)
    _held: dict[tuple[_Level, tuple[str, ...]], Fields] = field(default_factory=dict)
    _layouts: dict[tuple[Any, ...], Layout] = field(default_factory=dict)
    _alike: dict[tuple[Layout, bytes], Layout] = field(default_factory=dict)
    _paths: dict[bytes, Mapping[Path, Path]] = field(default_factory=dict)
    _texts: dict[str, str] = field(default_factory=dict)

    def of(
        self,
        value: dict[str, Any],
        paths: Mapping[Path, Path],
        source: Source,
        place: int,
        written: Callable[[Path], Written],
    ) -> Manifest:
        """A rendered object, number `place` in its file, with the chosen fields. `written` leads to its author's lines by `paths`, and notes too."""
        if len(self._texts) > _MOST_TEXTS:
            self._texts.clear()
        reduced = self._value(value)
        origin = Origin(written, self._paths.setdefault(marshal.dumps(dict(paths), 2), paths))
        return Manifest(reduced, Document(source, place, reduced), (), origin)

    def text(self, value: str) -> str:
        """The same text, held once where it was met lately."""
        return self._texts.setdefault(value, value)

    def _value(self, found: dict[str, Any]) -> dict[str, Any]:
        kind = text(found.get("kind"))
        path = template_of_kind(text(found.get("apiVersion")), kind)
        if path not in _KNOWN:
            return noting_value(found, self.noted)
        if path and not isinstance(mapping(found.get("spec")).get("template"), dict):
            path = None
        level = self._levels.get((kind, path))
        if level is None:
            level = self._levels[kind, path] = _level_of(kind, path)
        row: list[Any] = []
        value: dict[str, Any] = self._mapping(found, level, row).made(tuple(row), 0)
        return value

    def _mapping(self, value: dict[str, Any], level: _Level, row: list[Any]) -> Layout:
        """The layout of a mapping, whose values go to the row."""
        keys, left_out = tuple(value), _NOTHING
        if level.what:
            known = self._held.get((level, keys))
            if known is None:
                known = self._held[level, keys] = self._fields(level, keys)
            keys, left_out = known
        below = level.below
        layouts = tuple([self._part(value[key], below.get(key, _PLAIN), row) for key in keys])
        found = self._layouts.get((level.what, keys, left_out, layouts))
        if found is None:
            found = self._layouts[level.what, keys, left_out, layouts] = self._layout(level, keys, left_out, layouts)
        return found

    def _part(self, value: Any, level: _Level, row: list[Any]) -> Layout | None:
        """The layout of any value, which goes to the row."""
        if type(value) is str:
            row.append(self._texts.setdefault(value, value))
        elif type(value) is dict:
            if level is _CONTAINER and value.get("name") in INJECTED_CONTAINERS:
                return self._injected(value, row)
            return self._mapping(value, level, row)
        elif type(value) is list:
            layouts = tuple([self._part(each, level.each or _PLAIN, row) for each in value])
            found = self._layouts.get(layouts)
            if found is None:
                found = self._layouts[layouts] = ListLayout(*parts_of(layouts))
            return found
        else:
            row.append(value)
        return None

    def _injected(self, container: dict[str, Any], row: list[Any]) -> Layout:
        own: list[Any] = []
        layout = self._mapping(container, _INJECTED, own)
        key = layout, marshal.dumps(own, 2)
        found = self._alike.get(key)
        if found is None and len(self._alike) < _MOST_ALIKE:
            found = self._alike[key] = AlikeLayout(layout.made(tuple(own), 0))
        if found is None:
            row += own
        return found or layout

    def _fields(self, level: _Level, keys: tuple[str, ...]) -> Fields:
        fields, what = self.fields, level.what
        if fields is None or (what, ALL) in fields:
            return keys, _NOTHING
        held = tuple(key for key in keys if key in level.always or (what, key) in fields)
        return held, frozenset(keys) - frozenset(held)

    def _layout(
        self, level: _Level, keys: tuple[str, ...], left_out: frozenset[str], layouts: Sequence[Layout | None]
    ) -> Layout:
        parts, size = parts_of(layouts)
        named = {self.text(key): part for key, part in zip(keys, parts, strict=True)}
        return FieldsLayout(level.what, self.noted, left_out, named, size) if level.what else PlainLayout(named, size)


_PLAIN: Final = _Level()
_NOTHING: Final[frozenset[str]] = frozenset()


def of_services(noted: AbstractSet[tuple[str, str]]) -> frozenset[tuple[str, str]]:
    """Those of the fields that are noted for services elsewhere too: of what injection adds, and of metadata, all counts."""
    return frozenset(each for each in noted if not each[0].startswith((OBJECT, METADATA, TEMPLATE, INJECTED)))
