"""Who may see what: `exportTo` of VirtualServices, DestinationRules, ServiceEntries and Services, and the order in which a namespace sees them.

Source: Istio `pilot/pkg/model/push_context.go` (initServiceRegistry, initVirtualServices).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Protocol, TypeVar

from sailwright.runtime.records import dataclass
from sailwright.source.untyped import texts

EVERYWHERE, HERE, NOWHERE = "*", ".", "~"
PRIVATE, GRANTED, PUBLIC = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Exports:
    """The namespaces that see an object: `*` for all of them, else names; none where nobody sees it."""

    namespaces: frozenset[str]

    @classmethod
    def of(cls, export_to: object, own: str, default: Sequence[str] = ()) -> Exports:
        """From a list `exportTo`: any `*` is everybody, `~` nobody, `.` the object's own namespace.

        `default` holds where the list is empty, as MeshConfig's `defaultServiceExportTo`; without one that is everybody.
        """
        names = texts(export_to) or list(default)
        if not names or EVERYWHERE in names:
            return _EVERYBODY
        if NOWHERE in names:
            return cls(frozenset())
        return cls(frozenset(own if name == HERE else name for name in names))

    @classmethod
    def of_annotation(cls, value: object, own: str, default: Sequence[str] = ()) -> Exports:
        """From the annotation of a Service: names separated by commas."""
        names = [name.strip() for name in value.split(",")] if isinstance(value, str) and value.strip() else []
        return cls.of(names, own, default)

    @property
    def everywhere(self) -> bool:
        """Whether every namespace sees it."""
        return EVERYWHERE in self.namespaces

    def visible_in(self, namespace: str) -> bool:
        """Whether a client of this namespace sees it."""
        return EVERYWHERE in self.namespaces or namespace in self.namespaces


_EVERYBODY = Exports(frozenset((EVERYWHERE,)))


class Exported(Protocol):
    """What has a namespace and an `exportTo`."""

    @property
    def namespace(self) -> str:
        """The namespace that owns it."""

    @property
    def export_to(self) -> frozenset[str]:
        """The namespaces it names, `.` for its own and `*` for all; empty where it names none."""


Item = TypeVar("Item", bound=Exported)


def rank(item: Exported, namespace: str, default: Collection[str]) -> int | None:
    """How `namespace` comes to see an object: its own private one, one granted to it, a public one; None if not at all."""
    exported = item.export_to or default
    if EVERYWHERE in exported:
        return PUBLIC
    if NOWHERE in exported:
        return None
    if item.namespace == namespace and (HERE in exported or namespace in exported):
        return PRIVATE
    return GRANTED if item.export_to and namespace in exported else None


def seen_from(items: Iterable[Item], namespace: str, default: Collection[str]) -> list[Item]:
    """What `namespace` sees, private ones first, then those granted to it, then the public ones; else in the given order."""
    ranked = [(found, item) for item in items if (found := rank(item, namespace, default)) is not None]
    return [item for wanted in (PRIVATE, GRANTED, PUBLIC) for found, item in ranked if found == wanted]
