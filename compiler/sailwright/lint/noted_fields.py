"""Which fields of workloads the rules that ask about other objects read: a change of any other concerns its own service alone.

Most edits of a service are a new image, other resources or variables: fields of containers that no rule about the mesh reads. Which
these are is not written down anywhere; it is noted while rules run. A field that is read once, of whatever workload, counts as read of all.
"""

from __future__ import annotations

import marshal
from collections.abc import Callable, Container, Iterable, Iterator
from typing import Any, Final

from sailwright.diagnostics.finding import Path
from sailwright.mesh.objects.sidecar_containers import INJECTED_CONTAINERS
from sailwright.mesh.values.kinds import TEMPLATES, template_of_kind
from sailwright.mesh.world import World
from sailwright.runtime.records import replace
from sailwright.source.manifest import Manifest, Origin, Spot, Written
from sailwright.source.source import Document
from sailwright.source.untyped import text

Noted = set[tuple[str, str]]
"""What was read: of what (`POD`, `CONTAINER`, `SERVICE_FILE`, or the spec of a kind), and the key; `ALL` where keys were gone through."""

POD, CONTAINER, SERVICE_FILE = "pod", "container", "service file"
ALL: Final = "*"
LISTS: Final = ("containers", "initContainers")

OF_PODS: Final = frozenset(
    (
        *((name.partition(".")[0], path[1]) for name, path in TEMPLATES.items() if path),
        *((POD, key) for key in LISTS),
        (CONTAINER, "name"),
    )
)
"""What is read of a workload by whoever asks for the labels or the containers of its pods, which are kept with it: of several the first.

It is taken as read always. A workload that differs in nothing else that was read has the same containers by name.
"""


class NotedFields(dict[str, Any]):
    """A mapping that notes which of its keys are asked for; where it is `deep`, those of the mappings in it too."""

    __slots__ = ("_deep", "_noted", "_what")

    def __init__(self, value: dict[str, Any], what: str, noted: Noted, *, deep: bool = False) -> None:
        super().__init__(value)
        self._what, self._noted, self._deep = what, noted, deep

    def get(self, key: str, default: Any = None) -> Any:
        self._noted.add((self._what, key))
        value = super().get(key, default)
        return self._below(key, value) if self._deep else value

    def __getitem__(self, key: str) -> Any:
        self._noted.add((self._what, key))
        value = super().__getitem__(key)
        return self._below(key, value) if self._deep else value

    def _below(self, key: str, value: Any) -> Any:
        if isinstance(value, list):
            return [self._below(key, each) if isinstance(each, dict) else each for each in value]
        if isinstance(value, dict):
            return NotedFields(value, f"{self._what}/{key}", self._noted, deep=True)
        return value

    def __contains__(self, key: object) -> bool:
        self._noted.add((self._what, str(key)))
        return super().__contains__(key)

    def _all(self) -> dict[str, Any]:
        self._noted.add((self._what, ALL))
        return self

    def __iter__(self) -> Iterator[str]:
        return dict.__iter__(self._all())

    def __reversed__(self) -> Iterator[str]:
        return dict.__reversed__(self._all())

    def __len__(self) -> int:
        return dict.__len__(self._all())

    def __bool__(self) -> bool:
        return dict.__len__(self._all()) > 0

    def __eq__(self, other: object) -> bool:
        return dict.__eq__(self._all(), other)

    def __ne__(self, other: object) -> bool:
        return dict.__ne__(self._all(), other)

    __hash__ = None

    def __repr__(self) -> str:
        return dict.__repr__(self._all())

    def __or__(self, other: Any) -> Any:
        return dict(self._all()) | other

    def __ror__(self, other: Any) -> Any:
        return other | dict(self._all())

    def __deepcopy__(self, memo: Any) -> Any:
        from copy import deepcopy

        return deepcopy(dict(self._all()), memo)

    def __reduce_ex__(self, protocol: Any) -> Any:
        return dict, (dict(self._all()),)

    def items(self) -> Any:
        return dict.items(self._all())

    def keys(self) -> Any:
        return dict.keys(self._all())

    def values(self) -> Any:
        return dict.values(self._all())

    def copy(self) -> dict[str, Any]:
        return dict(self._all())


def noting_worlds(worlds: tuple[World, ...], noted: Noted, files: Container[str]) -> tuple[World, ...]:
    """The same worlds, in which objects of these files, and the service files behind them, note what is read of them."""
    made: dict[int, World] = {}
    for world in worlds:
        manifests = tuple(
            _noting(manifest, noted) if manifest.document.source.path in files else manifest
            for manifest in world.manifests
        )
        siblings = tuple(made[id(each)] for each in world.siblings)
        made[id(world)] = replace(world, manifests=manifests, siblings=siblings)
    return tuple(made[id(world)] for world in worlds)


def asked_anew(worlds: Iterable[World]) -> tuple[World, ...]:
    """The same worlds before anyone has asked them: what an answer takes is read, and noted, once more."""
    made: dict[int, World] = {}
    for world in worlds:
        made[id(world)] = replace(world, siblings=tuple(made[id(each)] for each in world.siblings))
    return tuple(made.values())


def _noting(manifest: Manifest, noted: Noted) -> Manifest:
    origin = manifest.origin
    if origin is not None:
        origin = Origin(_noting_written(origin.written, noted), origin.paths)
    return replace(manifest, value=noting_value(manifest.value, noted), origin=origin)


def noting_place(spot: Written, noted: Noted) -> Written:
    """A place in a service file, by which what is read of that file is noted."""
    document = spot.document
    if not isinstance(document.value, dict):
        return spot
    value = NotedFields(document.value, SERVICE_FILE, noted, deep=True)
    return Spot(Document(document.source, document.index, value), spot.path)


def _noting_written(written: Callable[[Path], Written], noted: Noted) -> Callable[[Path], Written]:
    return lambda path: noting_place(written(path), noted)


def noting_value(found: dict[str, Any], noted: Noted) -> dict[str, Any]:
    """An object that notes which of the fields of its spec, and of its pods', are read."""
    kind = text(found.get("kind"))
    path = template_of_kind(text(found.get("apiVersion")), kind)
    if path is None:
        spec = found.get("spec")
        return found | {"spec": NotedFields(spec, kind, noted)} if isinstance(spec, dict) else found
    value = here = dict(found)
    for key in path:
        if not isinstance(here.get(key), dict):
            return found
        below = dict(here[key])
        dict.__setitem__(here, key, NotedFields(below, kind, noted) if here is value else below)
        here = dict.__getitem__(here, key)
    if isinstance(here.get("spec"), dict):
        spec = dict(here["spec"])
        for key in LISTS:
            if isinstance(spec.get(key), list):
                spec[key] = [_noting_container(each, noted) for each in spec[key]]
        here["spec"] = NotedFields(spec, POD, noted)
    return value


def _noting_container(container: Any, noted: Noted) -> Any:
    """What injection adds is read for the proxy that it is: all of it counts."""
    if not isinstance(container, dict) or container.get("name") in INJECTED_CONTAINERS:
        return container
    return NotedFields(container, CONTAINER, noted)


def same_but_for_unread(old: dict[str, Any], new: dict[str, Any], noted: Noted) -> bool:
    """Whether an object differs from what it was in nothing that was read."""
    if _same(old, new):
        return True
    path = template_of_kind(str(new.get("apiVersion")), str(new.get("kind")))
    if path is None:
        return False
    here, there = dict(old), dict(new)
    one, other = here, there
    for key in (*path, "spec"):
        if not isinstance(one.get(key), dict) or not isinstance(other.get(key), dict):
            return False
        one[key], other[key] = one_below, other_below = dict(one[key]), dict(other[key])
        parents, one, other = (one, other), one_below, other_below
    parents[0]["spec"] = parents[1]["spec"] = None
    lists = [(one.pop(key, None), other.pop(key, None)) for key in LISTS]
    return (
        _same(here, there) and unread(one, other, POD, noted) and all(_same_containers(*each, noted) for each in lists)
    )


def same_object_but_for_unread(old: dict[str, Any], new: dict[str, Any], noted: Noted) -> bool:
    """Whether an object of the same name and metadata differs in nothing of its spec that was read."""
    if _same(old, new):
        return True
    if not all(_same(old.get(key), new.get(key)) for key in old.keys() | new.keys() if key != "spec"):
        return False
    one, other = old.get("spec"), new.get("spec")
    if not isinstance(one, dict) or not isinstance(other, dict):
        return False
    path = template_of_kind(str(new.get("apiVersion")), str(new.get("kind")))
    if path != ("spec", "template"):
        return unread(one, other, str(new["kind"]), noted) if path is None else same_but_for_unread(old, new, noted)
    rest, others = ({key: value for key, value in each.items() if key != "template"} for each in (one, other))
    here, there = ({**each, "spec": {"template": spec.get("template")}} for each, spec in ((old, one), (new, other)))
    return unread(rest, others, str(new["kind"]), noted) and same_but_for_unread(here, there, noted)


def _same_containers(old: Any, new: Any, noted: Noted) -> bool:
    if _same(old, new):
        return True
    if not isinstance(old, list) or not isinstance(new, list) or len(old) != len(new):
        return False
    return all(_same_container(*pair, noted) for pair in zip(old, new, strict=True))


def _same_container(old: Any, new: Any, noted: Noted) -> bool:
    if _same(old, new):
        return True
    if not isinstance(old, dict) or not isinstance(new, dict) or not _same(old.get("name"), new.get("name")):
        return False
    return new.get("name") not in INJECTED_CONTAINERS and unread(old, new, CONTAINER, noted)


def same_file_but_for_unread(old: Any, new: Any, noted: Noted, what: str = SERVICE_FILE) -> bool:
    """Whether a service file has the keys it had, each in its place, and no value that was read is another.

    The same keys lead from the same places of rendered objects to it.
    """
    if _same(old, new):
        return True
    if not isinstance(old, dict) or not isinstance(new, dict) or list(old) != list(new) or (what, ALL) in noted:
        return False
    return all(_same_value(old[key], new[key], noted, what, key) for key in old)


def _same_value(old: Any, new: Any, noted: Noted, what: str, key: str) -> bool:
    if isinstance(old, list) and isinstance(new, list):
        return len(old) == len(new) and all(
            same_file_but_for_unread(*pair, noted, f"{what}/{key}") for pair in zip(old, new, strict=True)
        )
    if isinstance(old, dict) and isinstance(new, dict):
        return same_file_but_for_unread(old, new, noted, f"{what}/{key}")
    if _same(old, new):
        return True
    return (what, key) not in noted and not isinstance(old, dict | list) and not isinstance(new, dict | list)


def unread(old: dict[str, Any], new: dict[str, Any], what: str, noted: Noted) -> bool:
    """Whether two mappings differ in nothing that was read of their like."""
    if (what, ALL) in noted:
        return _same(old, new)
    return all(
        (what, key) not in noted or (key in old and key in new and _same(old[key], new[key]))
        for key in old.keys() | new.keys()
        if key not in old or key not in new or not _same(old[key], new[key])
    )


def _same(old: Any, new: Any) -> bool:
    """Whether plain data is the same to the letter: for a rule 1 is not True."""
    return old == new and marshal.dumps(old, 2) == marshal.dumps(new, 2)
