"""A route to a Service or port that does not exist answers with an error; one into another namespace needs that namespace's consent.

A ReferenceGrant in the backend's namespace gives it. Whether a Service exists is decided where sailwright.yaml lists the hosts
outside the repository (`known.hosts`), else where one of the repository differs by a slip of the hand.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from sailwright.diagnostics.finding import Path, Severity
from sailwright.diagnostics.suggestions import did_you_mean
from sailwright.lint.kinds import GATEWAY_API_ROUTE
from sailwright.lint.rule import Problem
from sailwright.mesh.index import Index
from sailwright.mesh.objects.services import Service
from sailwright.mesh.pilot.gateway_api.backends import Grants
from sailwright.mesh.queries.absence import no_host, no_object
from sailwright.mesh.values import kinds
from sailwright.mesh.values.hosts import service_host
from sailwright.mesh.world import World
from sailwright.source.manifest import Manifest
from sailwright.source.untyped import entries, text

ID = "route-backend-unknown"
KIND = GATEWAY_API_ROUTE
SEVERITY: Severity = "error"
ALIASES: tuple[str, ...] = ("KIA1402",)

BAD = (
    """
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: front, namespace: shop}
spec:
  parentRefs: [{name: public}]
  rules:
    - backendRefs:
        - name: ratings
          namespace: books  # finding
          port: 80
---
apiVersion: v1
kind: Service
metadata: {name: ratings, namespace: books}
spec: {selector: {app: ratings}, ports: [{name: http, port: 80}]}
""",
    """
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: front, namespace: shop}
spec:
  parentRefs: [{name: public}]
  rules:
    - backendRefs:
        - name: frnt  # finding
          port: 80
    - backendRefs:
        - name: front
          port: 8080  # finding
---
apiVersion: v1
kind: Service
metadata: {name: front, namespace: shop}
spec: {selector: {app: front}, ports: [{name: http, port: 80, targetPort: 8080}]}
""",
)

GOOD = """
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: front, namespace: shop}
spec:
  parentRefs: [{name: public}]
  rules:
    - backendRefs:
        - name: ratings
          namespace: books
          port: 80
---
apiVersion: v1
kind: Service
metadata: {name: ratings, namespace: books}
spec: {selector: {app: ratings}, ports: [{name: http, port: 80}]}
---
apiVersion: gateway.networking.k8s.io/v1beta1
kind: ReferenceGrant
metadata: {name: from-shop, namespace: books}
spec:
  from: [{group: gateway.networking.k8s.io, kind: HTTPRoute, namespace: shop}]
  to: [{group: "", kind: Service}]
"""


def check(route: Manifest, mesh: World) -> Iterator[Problem]:
    """backendRefs of routes to Services; consent and ports are asked for only where the Service is in the repository."""
    index = mesh.index
    own = index.namespace_of(route)
    at_gateway = _is_at_gateway(route)
    for path, backend in _backends(route):
        name, namespace = text(backend.get("name")), text(backend.get("namespace")) or own
        host = service_host(name, namespace, index.domain)
        service = index.registry.service(host)
        if service is None:
            yield from _of_nobody(route, path, (name, namespace, host), index)
        elif at_gateway and namespace != own and not index.derived(_grants).allow(route, namespace, name):
            yield Problem(
                route,
                (*path, "namespace"),
                f"namespace {namespace} does not let {route.kind}s of {own} send to its Services",
                f"add a ReferenceGrant in {namespace}: from {route.kind} in {own}, to Service",
                absent=no_object(kinds.REFERENCE_GRANT, namespace, ""),
            )
        else:
            yield from _at_port(route, path, backend, service)


def _of_nobody(route: Manifest, path: Path, called: tuple[str, str, str], index: Index) -> Iterator[Problem]:
    """A backend (by name, namespace and host) that no file has, where that is known or another was in all likelihood meant."""
    name, namespace, host = called
    meant = index.registry.meant(host, namespace)
    if meant or index.registry.decide(host) == "unknown":
        near = (found.name for found in index.services if found.namespace == namespace)
        remedy = did_you_mean(name, near, "correct the name, or declare the host under known.hosts")
        message = f"there is no Service {name} in namespace {namespace}"
        yield Problem(route, (*path, "name"), message, remedy, absent=no_host(host, meant=bool(meant)))


def _at_port(route: Manifest, path: Path, backend: Mapping[str, Any], service: Service) -> Iterator[Problem]:
    """A port that the Service does not have."""
    port = backend.get("port")
    if isinstance(port, int) and service.ports and service.port(port) is None:
        known = ", ".join(str(each.number) for each in service.ports)
        message = f"Service {service.namespace}/{service.name} has no port {port}"
        yield Problem(route, (*path, "port"), message, f"name one of its ports ({known})")


def _is_at_gateway(route: Manifest) -> bool:
    """Whether a parent is a Gateway: for a route that hangs on a Service alone, Istio asks for no consent."""
    return any(parent.get("kind", "Gateway") != "Service" for _, parent in entries(route.spec.get("parentRefs"), ()))


def _backends(route: Manifest) -> Iterator[tuple[Path, dict[str, Any]]]:
    for rule_path, rule in entries(route.spec.get("rules"), ("spec", "rules")):
        for path, backend in entries(rule.get("backendRefs"), (*rule_path, "backendRefs")):
            if backend.get("kind", "Service") == "Service":
                yield path, backend


def _grants(index: Index) -> Grants:
    """The ReferenceGrants, as istiod asks them."""
    return Grants(index.manifests)
