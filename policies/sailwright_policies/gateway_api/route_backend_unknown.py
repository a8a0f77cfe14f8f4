"""A route to a Service that does not exist answers 500; one into another namespace needs that namespace's consent.

A ReferenceGrant in the backend's namespace gives it. Whether a Service exists is decided where sailwright.yaml lists the hosts
outside the repository (`known.hosts`).
"""

from collections.abc import Iterable, Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.rule import Problem
from sailwright.mesh.values import kinds
from sailwright.mesh.values.hosts import service_host
from sailwright.mesh.world import World
from sailwright.source.manifest import Manifest
from sailwright.source.untyped import entries, text

ID = "route-backend-unknown"
SEVERITY: Severity = "error"
ALIASES: tuple[str, ...] = ("KIA1402",)

BAD = """
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
"""

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


def check(world: World) -> Iterator[Problem]:
    """backendRefs of HTTPRoutes and GRPCRoutes to Services; consent is asked for only where the Service is in the repository."""
    index = world.index
    grants: dict[str, list[Manifest]] = {}
    for grant in index.of(kinds.REFERENCE_GRANT):
        grants.setdefault(index.namespace_of(grant), []).append(grant)
    for manifest in index.of(kinds.HTTP_ROUTE, kinds.GRPC_ROUTE):
        own = index.namespace_of(manifest)
        for rule_path, rule in entries(manifest.spec.get("rules"), ("spec", "rules")):
            for path, backend in entries(rule.get("backendRefs"), (*rule_path, "backendRefs")):
                if backend.get("kind", "Service") != "Service":
                    continue
                name, namespace = text(backend.get("name")), text(backend.get("namespace")) or own
                host = service_host(name, namespace, index.domain)
                if index.registry.decide(host) == "unknown":
                    remedy = "correct the name, or declare the host under known.hosts"
                    yield Problem(
                        manifest, (*path, "name"), f"there is no Service {name} in namespace {namespace}", remedy
                    )
                elif (
                    namespace != own
                    and index.registry.service(host)
                    and not _granted(grants.get(namespace, ()), manifest, own, name)
                ):
                    yield Problem(
                        manifest,
                        (*path, "namespace"),
                        f"namespace {namespace} does not let {manifest.kind}s of {own} send to its Services",
                        f"add a ReferenceGrant in {namespace}: from {manifest.kind} in {own}, to Service",
                    )


def _granted(grants: Iterable[Manifest], route: Manifest, namespace: str, name: str) -> bool:
    """Whether one of the grants of the backend's namespace lets routes of this kind and namespace send to the Service."""
    for grant in grants:
        sources = (source for _, source in entries(grant.spec.get("from"), ()))
        targets = (target for _, target in entries(grant.spec.get("to"), ()))
        source = any(found.get("kind") == route.kind and found.get("namespace") == namespace for found in sources)
        if source and any(to.get("kind") == "Service" and to.get("name") in (None, name) for to in targets):
            return True
    return False
