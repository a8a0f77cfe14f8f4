"""Objects of which only a few fields are held: enough for rules that ask the whole mesh, of which there may be ten thousand services.

Which fields those rules read is noted while they run over a few services (see `lint.noted_fields`). Whoever asks one of the other objects
for another field gets FieldLeftOut, so that nothing is ever answered by what is not there.
"""

from __future__ import annotations

import marshal
from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from typing import Any, Final

from sailwright.diagnostics.finding import Path
from sailwright.lint.noted_fields import ALL, CONTAINER, LISTS, POD, Noted, NotedFields, noting_value
from sailwright.mesh.objects.sidecar_containers import INJECTED_CONTAINERS
from sailwright.mesh.values.kinds import template_of_kind
from sailwright.runtime.records import dataclass, field
from sailwright.source.manifest import Manifest, Origin, Written
from sailwright.source.source import Document, Source
from sailwright.source.untyped import text

OBJECT, METADATA, POD_METADATA, INJECTED = "object", "metadata of", "metadata of pods", "injected container"

IDENTITY: Final[frozenset[tuple[str, str]]] = frozenset(
    (
        *((OBJECT, key) for key in ("apiVersion", "kind", "metadata", "spec")),
        (POD_METADATA, "labels"),
        *((POD, key) for key in LISTS),
        (CONTAINER, "name"),
        (INJECTED, "name"),
    )
)
"""What is held of every object."""

_IDENTITY: Final = ("name", "namespace", "generateName")

_KNOWN: Final = (None, (), ("spec", "template"))
"""Where pods are in the objects that are reduced; others are held whole."""


@dataclass(frozen=True, slots=True)
class Reduction:
    """What is held of objects: these `fields` of each, or all where None is given. What is read is `noted`."""

    noted: Noted
    fields: frozenset[tuple[str, str]] | None = None
    _left_out: dict[frozenset[str], frozenset[str]] = field(default_factory=dict)
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
        reduced = self._value(value)
        origin = Origin(written, self._paths.setdefault(marshal.dumps(dict(paths), 2), paths))
        return Manifest(reduced, Document(source, place, reduced), (), origin)

    def _value(self, found: dict[str, Any]) -> dict[str, Any]:
        kind = text(found.get("kind"))
        path = template_of_kind(text(found.get("apiVersion")), kind)
        if path not in _KNOWN:
            return noting_value(found, self.noted)
        value = dict(found)
        if isinstance(value.get("metadata"), dict):
            value["metadata"] = self._some(value["metadata"], f"{METADATA} {kind}", *_IDENTITY)
        if isinstance(value.get("spec"), dict):
            value["spec"] = self._spec(value["spec"], kind, path)
        return self._some(value, OBJECT)

    def _spec(self, spec: dict[str, Any], kind: str, path: tuple[str, ...] | None) -> NotedFields:
        template = spec.get("template")
        if path == ():
            return self._pod(spec)
        if path is None or not isinstance(template, dict):
            return self._some(spec, kind)
        pod = dict(template)
        if isinstance(pod.get("metadata"), dict):
            pod["metadata"] = self._some(pod["metadata"], POD_METADATA)
        if isinstance(pod.get("spec"), dict):
            pod["spec"] = self._pod(pod["spec"])
        return self._some({**spec, "template": pod}, kind, "template")

    def _pod(self, spec: dict[str, Any]) -> NotedFields:
        held = dict(spec)
        for key in LISTS:
            if isinstance(held.get(key), list):
                held[key] = [self._container(each) for each in held[key]]
        return self._some(held, POD)

    def _container(self, container: Any) -> Any:
        if not isinstance(container, dict):
            return container
        return self._some(container, INJECTED if container.get("name") in INJECTED_CONTAINERS else CONTAINER)

    def _some(self, value: dict[str, Any], what: str, *always: str) -> NotedFields:
        if self.fields is None:
            return NotedFields(value, what, self.noted)
        whole = (what, ALL) in self.fields
        held = {
            self._texts.setdefault(key, key): self._shared(each)
            for key, each in value.items()
            if whole or key in always or (what, key) in self.fields
        }
        left_out = frozenset(value.keys() - held.keys())
        return NotedFields(held, what, self.noted, left_out=self._left_out.setdefault(left_out, left_out))

    def _shared(self, value: Any) -> Any:
        """The same, with texts that are in many places held once."""
        if isinstance(value, str):
            return self._texts.setdefault(value, value)
        if type(value) is dict:
            return {self._texts.setdefault(key, key): self._shared(each) for key, each in value.items()}
        if type(value) is list:
            return [self._shared(each) for each in value]
        return value


def of_services(noted: AbstractSet[tuple[str, str]]) -> frozenset[tuple[str, str]]:
    """Those of the fields that are noted for services elsewhere too: of what injection adds, and of metadata, all counts."""
    return frozenset(each for each in noted if not each[0].startswith((OBJECT, METADATA, INJECTED)))
