"""Two backends with the same pods behind them: the weights are not what their pods get.

Beside a Service for one version, a Service that selects all versions sends its own share to that version too. Give each version a
Service of its own, and split between those.
"""

from __future__ import annotations

from collections.abc import Iterator

from sailwright.diagnostics.finding import Path, Severity
from sailwright.lint.kinds import GATEWAY_API_ROUTE
from sailwright.lint.rule import Problem
from sailwright.mesh.index import Index
from sailwright.mesh.objects.services import Service
from sailwright.mesh.values.hosts import service_host
from sailwright.mesh.world import World
from sailwright.source.manifest import Manifest
from sailwright.source.untyped import entries, text

ID = "route-backends-overlap"
KIND = GATEWAY_API_ROUTE
SEVERITY: Severity = "warning"
ALIASES: tuple[str, ...] = ()

BAD = """
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: cart, namespace: shop}
spec:
  parentRefs: [{group: "", kind: Service, name: cart}]
  rules:
    - backendRefs:
        - {name: cart, port: 80, weight: 90}
        - {name: cart-v2, port: 80, weight: 10}  # finding
---
apiVersion: v1
kind: Service
metadata: {name: cart, namespace: shop}
spec: {selector: {app: cart}, ports: [{name: http, port: 80}]}
---
apiVersion: v1
kind: Service
metadata: {name: cart-v2, namespace: shop}
spec: {selector: {app: cart, version: v2}, ports: [{name: http, port: 80}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: cart-v2, namespace: shop}
spec:
  template:
    metadata: {labels: {app: cart, version: v2}}
    spec: {containers: [{name: cart, image: "example.com/cart:2.0"}]}
"""
GOOD = BAD.replace("  # finding", "").replace("{app: cart}, ports", "{app: cart, version: v1}, ports")


def check(route: Manifest, mesh: World) -> Iterator[Problem]:
    """The weighted Services of each rule that are different objects and have a workload in common."""
    for rule_path, rule in entries(route.spec.get("rules"), ("spec", "rules")):
        known: list[Service] = []
        for path, service in _backends(mesh.index, route, rule_path, rule):
            for other in known:
                if service is not other and _share(mesh.index, service, other):
                    yield Problem(
                        route,
                        path,
                        f"pods of Service {service.name} are behind Service {other.name} too: the weights do not say what they get",
                        "give each version a Service of its own, and split between those",
                        related=((other.manifest, ("spec", "selector"), "selects them as well"),),
                    )
                    break
            known.append(service)


def _backends(
    index: Index, route: Manifest, rule_path: Path, rule: dict[str, object]
) -> Iterator[tuple[Path, Service]]:
    own = index.namespace_of(route)
    for path, backend in entries(rule.get("backendRefs"), (*rule_path, "backendRefs")):
        if backend.get("kind", "Service") == "Service" and backend.get("weight") != 0:
            host = service_host(text(backend.get("name")), text(backend.get("namespace")) or own, index.domain)
            service = index.registry.service(host)
            if service is not None:
                yield path, service


def _share(index: Index, service: Service, other: Service) -> bool:
    return bool({id(each) for each in index.backends(service)} & {id(each) for each in index.backends(other)})
