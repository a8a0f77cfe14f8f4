"""Which kinds of objects rules ask the mesh about: where no object of these is another, the answers are what they were.

This is noted while rules run. What is not known to be about certain kinds counts as asked about all.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeVar

from sailwright.mesh.index import Index
from sailwright.mesh.values import kinds
from sailwright.mesh.world import World
from sailwright.source.manifest import Manifest

T = TypeVar("T")

ALL: Final = "*"

_KINDS: Final[Mapping[str, tuple[str, ...]]] = {
    "facts": (),
    "domain": (),
    "unnamed": (),
    "namespace_of": (),
    "workload": (),
    "namespaces": (kinds.NAMESPACE,),
    "namespace": (kinds.NAMESPACE,),
    "mesh": (kinds.CONFIG_MAP,),
    "gateways": (kinds.GATEWAY,),
    "gateways_named": (kinds.GATEWAY,),
    "sidecars": (kinds.SIDECAR, kinds.CONFIG_MAP),
    "services": (kinds.SERVICE, kinds.CONFIG_MAP),
    "service_entries": (kinds.SERVICE_ENTRY, kinds.CONFIG_MAP),
    "virtual_services": (kinds.VIRTUAL_SERVICE, kinds.CONFIG_MAP),
    "destination_rules": (kinds.DESTINATION_RULE, kinds.CONFIG_MAP),
}
"""What is read to answer a question of `Index`, beside the facts and the object that is asked about."""


class AskedIndex:
    """An Index that notes in `asked` about which kinds it is asked, by whoever has it."""

    def __init__(self, index: Index, asked: set[str]) -> None:
        self._index, self._asked = index, asked
        self._noted: set[Callable[[Any], Any]] = set()

    def of(self, *wanted: str) -> tuple[Manifest, ...]:
        """The objects of these kinds."""
        self._asked.update(wanted)
        return self._index.of(*wanted)

    def find(self, kind: str, namespace: str, name: str) -> Manifest | None:
        """The object of this kind and name."""
        self._asked.add(kind)
        return self._index.find(kind, namespace, name)

    def derived(self, compute: Callable[[Any], T]) -> T:
        """What a query works out, asking this index: what was worked out before, without it, may be about anything."""
        if compute not in self._noted:
            self._noted.add(compute)
            if self._index.knows(compute):
                self._asked.add(ALL)
            else:
                self._index.know(compute, compute(self))
        return self._index.derived(compute)

    def __getattr__(self, name: str) -> Any:
        self._asked.update(_KINDS.get(name, (ALL,)))
        value = self.__dict__[name] = getattr(self._index, name)
        return value


_FREE: Final = frozenset(("facts", "environment", "cluster", "unit", "project", "declared"))
"""What a World knows that no object of a service says."""


class AskedMesh:
    """A World whose index notes about which kinds it is asked."""

    def __init__(self, world: World, asked: set[str]) -> None:
        self._world, self._asked = world, asked

    def __getattr__(self, name: str) -> Any:
        if name == "index":
            value: Any = AskedIndex(self._world.index, self._asked)
        else:
            value = getattr(self._world, name)
            if name not in _FREE and value:
                self._asked.add(ALL)
        self.__dict__[name] = value
        return value
