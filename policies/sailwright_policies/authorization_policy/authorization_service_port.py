"""A policy's `ports` are those that the pod listens on: the Service's port, where it differs, is never met.

A connection to port 80 of a Service with targetPort 8080 arrives at the pod's 8080, and the sidecar compares that. An ALLOW rule
for 80 allows no request, a DENY rule for 80 denies none.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Path, Severity
from sailwright.lint.kinds import AUTHORIZATION_POLICY
from sailwright.lint.rule import Problem
from sailwright.mesh.objects.selectors import match_labels
from sailwright.mesh.queries.authorization_policies import conditions, operations
from sailwright.mesh.queries.listening_ports import unheard_ports
from sailwright.mesh.world import World
from sailwright.source.manifest import Manifest
from sailwright.source.untyped import items

ID = "authorization-service-port"
KIND = AUTHORIZATION_POLICY
SEVERITY: Severity = "warning"
ALIASES: tuple[str, ...] = ()

BAD = """
apiVersion: v1
kind: Service
metadata: {name: echo, namespace: shop}
spec: {selector: {app: echo}, ports: [{name: http, port: 80, targetPort: 8080}, {name: tcp, port: 9090}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: echo, namespace: shop}
spec:
  template:
    metadata: {labels: {app: echo, sidecar.istio.io/inject: "true"}}
    spec: {containers: [{name: echo, image: "example.com/echo:1.0", ports: [{containerPort: 8080}, {containerPort: 9090}]}]}
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: echo, namespace: shop}
spec:
  selector: {matchLabels: {app: echo}}
  rules:
    - to:
        - operation:
            ports: ["80"]  # finding
"""
GOOD = BAD.replace('"80"]  # finding', '"8080"]')


def check(policy: Manifest, mesh: World) -> Iterator[Problem]:
    """Ports of operations and of `destination.port` that are a Service's and no pod's, of the workloads it is for."""
    index, selector = mesh.index, match_labels(policy)
    namespace = index.namespace_of(policy)
    asked = tuple(_ports(policy))
    for_gateway = policy.spec.get("targetRefs") or policy.spec.get("targetRef")
    if not asked or (not selector and (for_gateway or namespace == index.mesh.root_namespace)):
        return
    unheard = unheard_ports(index, index.selected(selector, namespace))
    for path, written in asked:
        if written in unheard:
            excepts = ", and excepts nothing" if str(path[-2]).startswith("not") else ""
            yield Problem(
                policy,
                path,
                f"{written} is a port of the Service, and no pod that this policy is for listens on it: it never matches{excepts}",
                f"write the pod's port, {unheard[written]}",
            )


def _ports(policy: Manifest) -> Iterator[tuple[Path, str]]:
    places = [(path, operation, key) for path, operation in operations(policy) for key in ("ports", "notPorts")]
    places += [
        (path, condition, key)
        for path, condition in conditions(policy)
        if condition.get("key") == "destination.port"
        for key in ("values", "notValues")
    ]
    for path, holder, key in places:
        for position, written in enumerate(items(holder.get(key))):
            yield (*path, key, position), str(written)
