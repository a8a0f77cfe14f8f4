"""Services that stand for one version of another: what the backends of Gateway API routes are, in place of subsets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sailwright.mesh.index import Index
from sailwright.mesh.pilot.push_context import PushContext
from sailwright.mesh.pilot.service_registry import Service
from sailwright.mesh.queries.push_context import push_context_of
from sailwright.mesh.values.kinds import GRPC_ROUTE, HTTP_ROUTE, TCP_ROUTE, TLS_ROUTE
from sailwright.source.untyped import entries, get, labels, mapping, text


def version_of(push_context: PushContext, host: str) -> tuple[str, str] | None:
    """The host of the Service whose pods of one version a host stands for, and the version; None where it is no such Service.

    Its name is that of the other Service and the version, as reviews-v1, and it selects some of the other's pods.
    """
    name, _, rest = host.partition(".")
    parts = name.split("-")
    for number in range(1, len(parts)):
        whole = f"{'-'.join(parts[:number])}.{rest}"
        if any(_selects_less(part, one) for one in push_context.by_host(whole) for part in push_context.by_host(host)):
            return whole, "-".join(parts[number:])
    return None


def _selects_less(part: Service, whole: Service) -> bool:
    general, narrow = _selector(whole), _selector(part)
    return part.namespace == whole.namespace and bool(general) and general.items() < narrow.items()


def _selector(service: Service) -> dict[str, str]:
    return labels(mapping(service.manifest.spec.get("selector"))) if service.kubernetes else {}


def is_backend(index: Index, host: str) -> bool:
    """Whether a host stands for one version of a Service whose routes are those of the Gateway API: callers ask for the Service."""
    push_context = index.derived(push_context_of)
    found = version_of(push_context, host)
    wholes = push_context.by_host(found[0]) if found else ()
    return any((whole.namespace, whole.name) in index.derived(_parents) for whole in wholes)


def gateway_backends(index: Index) -> frozenset[tuple[str, str]]:
    """Namespace and name of the Services that routes of the Gateway API send requests of a Gateway to."""
    return frozenset(
        (text(backend.get("namespace")) or index.namespace_of(route), text(backend.get("name")))
        for kind in (HTTP_ROUTE, GRPC_ROUTE, TCP_ROUTE, TLS_ROUTE)
        for route in index.of(kind)
        if any(parent.get("kind", "Gateway") == "Gateway" for _, parent in entries(route.spec.get("parentRefs"), ()))
        for _, rule in entries(route.spec.get("rules"), ())
        for backend in backend_references(rule)
    )


def _parents(index: Index) -> frozenset[tuple[str, str]]:
    """Namespace and name of the Services that are parents of routes."""
    return frozenset(
        (text(parent.get("namespace")) or index.namespace_of(route), text(parent.get("name")))
        for kind in (HTTP_ROUTE, GRPC_ROUTE, TCP_ROUTE, TLS_ROUTE)
        for route in index.of(kind)
        for _, parent in entries(route.spec.get("parentRefs"), ())
        if parent.get("kind") == "Service"
    )


def backend_references(rule: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The references to backends of a rule of a Gateway API route, those of copied requests too."""
    yield from (backend for _, backend in entries(rule.get("backendRefs"), ()))
    for _, each in entries(rule.get("filters"), ()):
        if copied := mapping(get(each, "requestMirror", "backendRef")):
            yield copied
