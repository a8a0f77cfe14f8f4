"""Who to ask on behalf of everybody: callers between which the rules for a host can tell, and the ports it has."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sailwright.mesh.pilot.gateway_api.listeners import owner_of
from sailwright.mesh.pilot.gateway_names import MESH, is_wildcard
from sailwright.mesh.pilot.push_context import PushContext
from sailwright.mesh.pilot.sidecar_scope import Caller
from sailwright.mesh.pilot.virtual_services import VirtualService
from sailwright.mesh.values.hosts import overlap
from sailwright.runtime.records import dataclass

ELSEWHERE = "another-namespace"
MOST = 12
"""Callers that are asked about one host."""


@dataclass(frozen=True, slots=True)
class RepresentativeCaller:
    """A caller, and what to call those it stands for."""

    caller: Caller
    title: str


def representative_callers(push_contexts: Iterable[PushContext], host: str) -> list[RepresentativeCaller]:
    """The callers of a host: from its namespace, from another, and those that some rule for it names."""
    found: dict[Caller, str] = {}
    known = list(push_contexts)
    taken = {name for push_context in known for name in push_context.namespaces}
    elsewhere = ELSEWHERE
    while elsewhere in taken:
        elsewhere += "-x"
    for push_context in known:
        found.setdefault(Caller(elsewhere), "other namespaces")
        for service in push_context.by_host(host):
            found.setdefault(Caller(service.namespace), f"namespace {service.namespace}")
        for virtual_service in claims(push_context, host):
            for namespace in _namespaces(virtual_service):
                found.setdefault(Caller(namespace), f"namespace {namespace}")
            for namespace, labels in _sources(virtual_service):
                caller = Caller(namespace or virtual_service.namespace, tuple(sorted(labels.items())))
                named = ",".join(f"{key}={value}" for key, value in caller.labels)
                found.setdefault(caller, f"{named} in {caller.namespace}")
    return [RepresentativeCaller(caller, title) for caller, title in list(found.items())[:MOST]]


def claims(push_context: PushContext, host: str) -> list[VirtualService]:
    """The VirtualServices that name a host."""
    return [found for found in push_context.virtual_services if any(overlap(name, host) for name in found.hosts)]


def gateways(push_contexts: Iterable[PushContext], host: str) -> list[str]:
    """The gateways at which VirtualServices for a host take requests."""
    found = (
        owner_of(name)
        for push_context in push_contexts
        for claim in claims(push_context, host)
        for name in claim.gateways
        if name != MESH
    )
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
