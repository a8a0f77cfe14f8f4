"""Who to ask on behalf of everybody: callers between which the rules for a host can tell, and the ports it has."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sailwright.mesh.pilot.gateway_names import MESH, is_wildcard
from sailwright.mesh.pilot.push_context import Catalog
from sailwright.mesh.pilot.sidecar_scope import Caller
from sailwright.mesh.pilot.virtual_services import VirtualService
from sailwright.mesh.values.hosts import overlap
from sailwright.runtime.records import dataclass

ELSEWHERE = "another-namespace"
MOST = 12
"""Callers that are asked about one host."""


@dataclass(frozen=True, slots=True)
class Witness:
    """A caller, and what to call those it stands for."""

    caller: Caller
    title: str


def witnesses(catalogs: Iterable[Catalog], host: str) -> list[Witness]:
    """The callers of a host: from its namespace, from another, and those that some rule for it names."""
    found: dict[Caller, str] = {}
    known = list(catalogs)
    taken = {name for catalog in known for name in catalog.namespaces}
    elsewhere = ELSEWHERE
    while elsewhere in taken:
        elsewhere += "-x"
    for catalog in known:
        found.setdefault(Caller(elsewhere), "other namespaces")
        for service in catalog.by_host(host):
            found.setdefault(Caller(service.namespace), f"namespace {service.namespace}")
        for virtual_service in claims(catalog, host):
            for namespace in _namespaces(virtual_service):
                found.setdefault(Caller(namespace), f"namespace {namespace}")
            for namespace, labels in _sources(virtual_service):
                caller = Caller(namespace or virtual_service.namespace, tuple(sorted(labels.items())))
                named = ",".join(f"{key}={value}" for key, value in caller.labels)
                found.setdefault(caller, f"{named} in {caller.namespace}")
    return [Witness(caller, title) for caller, title in list(found.items())[:MOST]]


def claims(catalog: Catalog, host: str) -> list[VirtualService]:
    """The VirtualServices that name a host."""
    return [found for found in catalog.virtual_services if any(overlap(name, host) for name in found.hosts)]


def gateways(catalogs: Iterable[Catalog], host: str) -> list[str]:
    """The gateways at which VirtualServices for a host take requests."""
    found = (name for catalog in catalogs for claim in claims(catalog, host) for name in claim.gateways if name != MESH)
    return list(dict.fromkeys(found))


def authority(host: str) -> str:
    """A Host header for a host; of a wildcard one that no more special host has."""
    return f"any{host[1:]}" if is_wildcard(host) else host


def _namespaces(virtual_service: VirtualService) -> Iterator[str]:
    yield from (name for name in sorted(virtual_service.export_to) if name not in ("*", ".", "~"))
    if "." in virtual_service.export_to:
        yield virtual_service.namespace


def _sources(virtual_service: VirtualService) -> Iterator[tuple[str, Mapping[str, str]]]:
    entries: list[Mapping[str, Any]] = [
        match for rule in virtual_service.rules for match in rule.value.get("match") or ()
    ]
    entries += [match for rule in (*virtual_service.tcp, *virtual_service.tls) for match in rule.get("match") or ()]
    for match in entries:
        if match.get("sourceLabels") or match.get("sourceNamespace"):
            yield match.get("sourceNamespace") or "", match.get("sourceLabels") or {}
