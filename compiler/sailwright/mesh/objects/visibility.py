"""exportTo: who sees a VirtualService, DestinationRule, ServiceEntry or Service."""

from __future__ import annotations

from sailwright.runtime.records import dataclass
from sailwright.source.untyped import texts

EVERYWHERE = "*"


@dataclass(frozen=True, slots=True)
class Exports:
    """The namespaces that see an object: `*` for all of them, else names; `~` (nobody) is no name of a namespace."""

    namespaces: frozenset[str]

    @classmethod
    def of(cls, export_to: object, own: str) -> Exports:
        """From a list `exportTo`: none or any `*` is everybody, `.` is the object's own namespace."""
        names = texts(export_to)
        if not names or EVERYWHERE in names:
            return _EVERYBODY
        return cls(frozenset(own if name == "." else name for name in names))

    @classmethod
    def of_annotation(cls, value: object, own: str) -> Exports:
        """From the annotation of a Service: names separated by commas."""
        if not isinstance(value, str) or not value.strip():
            return _EVERYBODY
        return cls.of([name.strip() for name in value.split(",")], own)

    @property
    def everywhere(self) -> bool:
        """Whether every namespace sees it."""
        return EVERYWHERE in self.namespaces

    def visible_in(self, namespace: str) -> bool:
        """Whether a client of this namespace sees it."""
        return EVERYWHERE in self.namespaces or namespace in self.namespaces


_EVERYBODY = Exports(frozenset((EVERYWHERE,)))
