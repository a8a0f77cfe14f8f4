"""What a route of the Gateway API, or a Service, opens: hosts of others, backends of other namespaces, addresses of the node's network.

A route whose parent is a Service of another namespace is a consumer route: only callers in the route's own namespace follow it
(gateway-api.sigs.k8s.io/mesh), as with a VirtualService of `exportTo: ["."]`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from sailwright.diagnostics.finding import Path
from sailwright.render.privileges import Found, Privilege, Surroundings
from sailwright.source.untyped import entries, get, mapping, text, texts

_GROUP: Final = "gateway.networking.k8s.io/"
_ROUTES: Final = frozenset({"HTTPRoute", "GRPCRoute", "TCPRoute", "TLSRoute", "UDPRoute"})
_CORE: Final = (None, "", "core")
Whose = Callable[[str], str]
"""Whose host it is in words; empty where it is the service's own, or nobody's."""


def is_route(value: Mapping[str, Any]) -> bool:
    """Whether an object is a route of the Gateway API."""
    return text(value.get("apiVersion")).startswith(_GROUP) and value.get("kind") in _ROUTES


def of_route(value: Mapping[str, Any], around: Surroundings, whose: Whose) -> Iterator[Found]:
    """The Services of others that a route takes the traffic of, and the backends of other namespaces that it sends to."""
    spec = mapping(value.get("spec"))
    for path, parent in entries(spec.get("parentRefs"), ("spec", "parentRefs")):
        namespace = text(parent.get("namespace")) or around.namespace
        if parent.get("kind") != "Service" or parent.get("group") not in _CORE or namespace != around.namespace:
            continue
        host = f"{text(parent.get('name'))}.{namespace}.svc.{around.domain}"
        if owner := whose(host):
            yield Privilege(f"routes for the Service `{text(parent.get('name'))}`, {owner}", host, "hosts"), path
    for path, backend in _backends(spec):
        namespace = text(backend.get("namespace")) or around.namespace
        if namespace != around.namespace:
            words = f"the backend `{text(backend.get('name'))}`, of namespace {namespace}"
            yield Privilege(words, f"{text(backend.get('name'))}.{namespace}", "hosts"), path


def _backends(spec: Mapping[str, Any]) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    """The backends of all rules, those of mirrored requests too."""
    for at, rule in entries(spec.get("rules"), ("spec", "rules")):
        targets = [*entries(rule.get("backendRefs"), (*at, "backendRefs"))]
        yield from targets
        for place, holder in [(at, rule), *targets]:
            for path, each in entries(holder.get("filters"), (*place, "filters")):
                mirrored = get(each, "requestMirror", "backendRef")
                if isinstance(mirrored, dict):
                    yield (*path, "requestMirror", "backendRef"), mirrored


def of_service(value: Mapping[str, Any]) -> Iterator[Found]:
    """The addresses for which every node of the cluster takes the traffic of a Service."""
    if value.get("apiVersion") != "v1" or value.get("kind") != "Service":
        return
    addresses = texts(get(value, "spec", "externalIPs"))
    if addresses:
        words = f"the traffic to {', '.join(addresses)} (`externalIPs`)"
        yield Privilege(words, ",".join(sorted(addresses)), "externalIPs"), ("spec", "externalIPs")
