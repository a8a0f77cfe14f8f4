"""A policy that selects the pods of a Kubernetes Gateway by label may not apply to them.

Waypoints take policies that name them in `targetRefs`, and pass over selectors.
"""

from __future__ import annotations

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import objects
from sailwright.lint.rule import Problem
from sailwright.mesh.objects.workloads import Workload
from sailwright.mesh.values import kinds
from sailwright.mesh.world import World
from sailwright.source.manifest import Manifest
from sailwright.source.untyped import get, labels

ID = "selector-on-kubernetes-gateway"
KIND = objects(kinds.AUTHORIZATION_POLICY, kinds.REQUEST_AUTHENTICATION, kinds.TELEMETRY, kinds.WASM_PLUGIN)
SEVERITY: Severity = "warning"
ALIASES = ("IST0166",)
BAD = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: waypoint, namespace: shop}
spec:
  template:
    metadata:
      labels:
        gateway.networking.k8s.io/gateway-name: waypoint
        gateway.istio.io/managed: istio.io-mesh-controller
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: waypoint, namespace: shop}
spec:
  selector:  # finding
    matchLabels: {gateway.networking.k8s.io/gateway-name: waypoint}
"""
GOOD = BAD.replace(
    "  selector:  # finding\n    matchLabels: {gateway.networking.k8s.io/gateway-name: waypoint}",
    "  targetRefs: [{kind: Gateway, group: gateway.networking.k8s.io, name: waypoint}]",
)


_GATEWAY_NAME = "gateway.networking.k8s.io/gateway-name"


def check(policy: Manifest, mesh: World) -> Iterator[Problem]:
    """Look for gateway pods among what each policy selects. Ingress gateways do take selectors; the analyzers report all."""
    if policy.spec.get("targetRef") is not None or policy.spec.get("selector") is None:
        return
    wanted = labels(get(policy.spec, "selector", "matchLabels"))
    pods = mesh.index.selected(wanted, mesh.index.namespace_of(policy))
    gateways = (pod.labels.get(_GATEWAY_NAME) for pod in pods if mesh.facts.compat or _is_waypoint(pod))
    for gateway in dict.fromkeys(gateways):
        if gateway is not None:
            message = (
                f"the selector takes in pods of the Kubernetes Gateway {gateway}, which does not look at selectors"
            )
            yield Problem(policy, ("spec", "selector"), message, "attach the policy with targetRefs", key=True)


def _is_waypoint(pod: Workload) -> bool:
    return pod.labels.get("gateway.istio.io/managed") == "istio.io-mesh-controller"
