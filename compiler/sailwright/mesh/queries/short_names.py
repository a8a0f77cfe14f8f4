"""Short names that Istio completes with the wrong namespace: the Service that was meant lies in another one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from sailwright.source.manifest import Manifest

if TYPE_CHECKING:
    from sailwright.mesh.index import Index
    from sailwright.mesh.objects.services import Service


def in_other_namespace(index: Index, manifest: Manifest, host: str) -> str:
    """The full name of the one Service that a short name in an object can mean if its own namespace has none; else empty."""
    if "." in host or manifest.namespace is None:
        return ""
    found = index.derived(_by_name).get(host.lower(), ())
    placed = all(service.manifest.namespace for service in found)
    return found[0].hosts[0] if len(found) == 1 and placed else ""


def _by_name(index: Index) -> Mapping[str, list[Service]]:
    """The Services by name, whatever their namespace."""
    found: dict[str, list[Service]] = {}
    for service in index.services:
        found.setdefault(service.name.lower(), []).append(service)
    return found
