"""A policy that selects the pods of a Kubernetes Gateway by label may not apply to them.

Waypoints take policies that name them in `targetRefs`, and pass over selectors.
"""

from __future__ import annotations

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.rule import Problem
from sailwright.mesh.values import kinds
from sailwright.mesh.world import World
from sailwright.source.untyped import get, labels

ID = "selector-on-kubernetes-gateway"
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
_POLICIES = (kinds.AUTHORIZATION_POLICY, kinds.REQUEST_AUTHENTICATION, kinds.TELEMETRY, kinds.WASM_PLUGIN)


def check(world: World) -> Iterator[Problem]:
    """Look for gateway pods among what each policy selects. Ingress gateways do take selectors; the analyzers tell of all."""
    index = world.index
    compat = index.facts.compat
    for policy in index.of(*_POLICIES):
        if policy.spec.get("targetRef") is not None or policy.spec.get("selector") is None:
            continue
        wanted = labels(get(policy.spec, "selector", "matchLabels"))
        told: set[str] = set()
        for pod in index.selected(wanted, index.namespace_of(policy)):
            gateway = pod.labels.get(_GATEWAY_NAME)
            waypoint = pod.labels.get("gateway.istio.io/managed") == "istio.io-mesh-controller"
            if gateway is None or gateway in told or not (compat or waypoint):
                continue
            told.add(gateway)
            message = (
                f"the selector takes in pods of the Kubernetes Gateway {gateway}, which does not look at selectors"
            )
            place = () if compat else ("spec", "selector")
            yield Problem(policy, place, message, "attach the policy with targetRefs", key=True)
