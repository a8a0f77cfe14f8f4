"""A route whose parent Gateway does not exist, or does not admit the route's namespace, is not served.

Kubernetes Gateways admit routes of their own namespace unless a listener's `allowedRoutes` says otherwise. Whether a Gateway
exists is decided where sailwright.yaml lists those outside the repository (`known.gateways`), else where one of its namespace has
nearly its name.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from sailwright.diagnostics.finding import Severity
from sailwright.diagnostics.suggestions import did_you_mean
from sailwright.lint.kinds import GATEWAY_API_ROUTE
from sailwright.lint.rule import Example, Problem
from sailwright.mesh.facts import Facts, Known
from sailwright.mesh.index import Index
from sailwright.mesh.objects.selectors import label_selector_selects
from sailwright.mesh.queries.absence import no_object
from sailwright.mesh.values import kinds
from sailwright.mesh.world import World
from sailwright.source.manifest import Manifest
from sailwright.source.untyped import entries, get, mapping, text

ID = "route-parent-unknown"
KIND = GATEWAY_API_ROUTE
SEVERITY: Severity = "error"
ALIASES: tuple[str, ...] = ("KIA1401",)

BAD = (
    Example(
        """
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: front, namespace: shop}
spec:
  parentRefs:
    - name: publik  # finding
  rules: [{backendRefs: [{name: front, port: 80}]}]
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: public, namespace: shop}
spec: {gatewayClassName: istio, listeners: [{name: http, port: 80, protocol: HTTP}]}
""",
        Facts(known=Known(gateways=())),
    ),
    Example(
        """
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: front, namespace: shop}
spec:
  parentRefs:
    - name: pubilc  # finding
  rules: [{backendRefs: [{name: front, port: 80}]}]
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: public, namespace: shop}
spec: {gatewayClassName: istio, listeners: [{name: http, port: 80, protocol: HTTP}]}
"""
    ),
    Example(
        """
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: front, namespace: shop}
spec:
  parentRefs:
    - name: public
      namespace: ingress  # finding
  rules: [{backendRefs: [{name: front, port: 80}]}]
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: public, namespace: ingress}
spec: {gatewayClassName: istio, listeners: [{name: http, port: 80, protocol: HTTP}]}
"""
    ),
)
GOOD = """
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: front, namespace: shop}
spec:
  parentRefs: [{name: public, namespace: ingress}]
  rules: [{backendRefs: [{name: front, port: 80}]}]
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: public, namespace: ingress}
spec:
  gatewayClassName: istio
  listeners: [{name: http, port: 80, protocol: HTTP, allowedRoutes: {namespaces: {from: All}}}]
"""


def check(route: Manifest, mesh: World) -> Iterator[Problem]:
    """parentRefs of HTTPRoutes and GRPCRoutes that are Gateways; a Service as parent is the mesh."""
    index, elsewhere = mesh.index, mesh.facts.known.gateways
    own = index.namespace_of(route)
    for path, parent in entries(route.spec.get("parentRefs"), ("spec", "parentRefs")):
        if parent.get("kind", "Gateway") != "Gateway":
            continue
        name, namespace = text(parent.get("name")), text(parent.get("namespace")) or own
        gateway = index.find(kinds.KUBERNETES_GATEWAY, namespace, name)
        absent = no_object(kinds.KUBERNETES_GATEWAY, namespace, name)
        if gateway is None:
            listed = elsewhere is not None
            if not listed or f"{namespace}/{name}" not in (elsewhere or ()):
                gateways = index.of(kinds.KUBERNETES_GATEWAY)
                names = [found.name for found in gateways if listed or index.namespace_of(found) == namespace]
                if not listed:
                    absent = no_object(kinds.KUBERNETES_GATEWAY, namespace, name, names)
                remedy = did_you_mean(name, names, "correct it, or declare it under known.gateways")
                yield Problem(route, (*path, "name"), f"there is no Gateway {namespace}/{name}", remedy, absent=absent)
        elif not _admits(index, gateway, own, text(parent.get("sectionName"))):
            yield Problem(
                route,
                (*path, "namespace" if "namespace" in parent else "name"),
                f"Gateway {namespace}/{name} does not admit routes of namespace {own}",
                "set allowedRoutes.namespaces on its listener (from: All, or a selector)",
                related=((gateway, ("spec", "listeners"), "its listeners"),),
                absent=absent,
            )


def _admits(index: Index, gateway: Manifest, namespace: str, section: str) -> bool:
    listeners = [found for _, found in entries(gateway.spec.get("listeners"), ()) if section in ("", found.get("name"))]
    return not listeners or any(_open_to(index, gateway, listener, namespace) for listener in listeners)


def _open_to(index: Index, gateway: Manifest, listener: Mapping[str, Any], namespace: str) -> bool:
    allowed = mapping(get(listener, "allowedRoutes", "namespaces"))
    match allowed.get("from", "Same"):
        case "Same":
            return index.namespace_of(gateway) == namespace
        case "Selector":
            known = index.namespace(namespace)
            own = {"kubernetes.io/metadata.name": namespace, **(known.labels or {})}
            return not known.declared or label_selector_selects(allowed.get("selector"), own)
    return allowed.get("from") != "None"
