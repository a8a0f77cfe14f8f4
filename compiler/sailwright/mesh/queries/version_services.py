"""Services that stand for one version of another: what the backends of Gateway API routes are, in place of subsets."""

from __future__ import annotations

from sailwright.mesh.index import Index
from sailwright.mesh.pilot.push_context import PushContext
from sailwright.mesh.pilot.service_registry import Service
from sailwright.mesh.values.kinds import GRPC_ROUTE, HTTP_ROUTE, TCP_ROUTE, TLS_ROUTE
from sailwright.source.manifest import Manifest
from sailwright.source.untyped import entries, get, labels, mapping, text

VERSION = "version"


def version_of(push_context: PushContext, host: str, own: str) -> str:
    """The version of the host `own` whose pods alone the host `host` selects; empty where it is no such Service.

    Its name is what follows that of the other Service, as `v1` in reviews-v1, else the label `version` that tells its pods apart.
    """
    for whole in push_context.by_host(own) if host != own else ():
        for part in push_context.by_host(host):
            if found := _version(part, whole):
                return found
    return ""


def is_of_version(push_context: PushContext, host: str) -> bool:
    """Whether a host is that of a Service for one version of another, which has the first part of its name."""
    name, _, rest = host.partition(".")
    parts = name.split("-")
    wholes = ("-".join(parts[:number]) for number in range(1, len(parts)))
    return any(version_of(push_context, host, f"{whole}.{rest}") for whole in wholes)


def _version(part: Service, whole: Service) -> str:
    general, narrow = _selector(whole), _selector(part)
    if part.namespace != whole.namespace or not general or not general.items() < narrow.items():
        return ""
    if part.name.startswith(f"{whole.name}-"):
        return part.name[len(whole.name) + 1 :]
    return narrow[VERSION] if narrow.keys() - general.keys() == {VERSION} else ""


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
