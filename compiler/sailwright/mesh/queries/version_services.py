"""Services that stand for one version of another: what the backends of Gateway API routes are, in place of subsets."""

from __future__ import annotations

from sailwright.mesh.index import Index
from sailwright.mesh.pilot.push_context import PushContext
from sailwright.mesh.pilot.service_registry import Service
from sailwright.mesh.values.kinds import GRPC_ROUTE, HTTP_ROUTE, TCP_ROUTE, TLS_ROUTE
from sailwright.source.manifest import Manifest
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


def route_backends(index: Index) -> frozenset[tuple[str, str]]:
    """Namespace and name of the Services that routes of the Gateway API send to."""
    found: set[tuple[str, str]] = set()
    for kind in (HTTP_ROUTE, GRPC_ROUTE, TCP_ROUTE, TLS_ROUTE):
        for route in index.of(kind):
            found.update(_backends(route, index.namespace_of(route)))
    return frozenset(found)


def _backends(route: Manifest, own: str) -> set[tuple[str, str]]:
    found: set[tuple[str, str]] = set()
    for _, rule in entries(route.spec.get("rules"), ()):
        named = [backend for _, backend in entries(rule.get("backendRefs"), ())]
        named += [mapping(get(each, "requestMirror", "backendRef")) for _, each in entries(rule.get("filters"), ())]
        found.update((text(each.get("namespace")) or own, text(each.get("name"))) for each in named if each)
    return found
