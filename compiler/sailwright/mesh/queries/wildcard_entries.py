"""Hosts that only a wildcard ServiceEntry makes known: its clusters have the wildcard's name, and there is none of theirs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sailwright.mesh.values.hosts import covers
from sailwright.runtime.records import dataclass

if TYPE_CHECKING:
    from sailwright.mesh.index import Index


@dataclass(frozen=True, slots=True)
class Covered:
    """The wildcard that covers a host, and the name of its ServiceEntry."""

    pattern: str
    entry: str


def covered_by_wildcard(index: Index, host: str) -> Covered | None:
    """What alone makes a host known, where that is a wildcard; None where it has a cluster, or may have one elsewhere."""
    found = index.registry.service(host)
    if found is None or not found.is_entry or host in found.hosts:
        return None
    if any(covers(pattern.lower(), host) for pattern in index.facts.known.hosts or ()):
        return None
    return Covered(next((name for name in found.hosts if covers(name, host)), ""), found.name)
