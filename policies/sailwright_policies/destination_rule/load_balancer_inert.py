"""A load balancer has nothing to balance where the sidecar sends each call to the address that the client dialled.

For headless Services and for ServiceEntries with resolution NONE or DYNAMIC_DNS the client picks the endpoint itself: algorithm, hash,
warm-up and locality are ignored. (At a gateway they work, so hosts that a gateway routes to are left out.)
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import DESTINATION_RULE
from sailwright.lint.rule import Problem
from sailwright.mesh.objects.routing import DestinationRule
from sailwright.mesh.queries.route_ports import gateway_routed
from sailwright.mesh.queries.traffic_policies import settings_of, unbalanced
from sailwright.mesh.world import World

ID = "load-balancer-inert"
KIND = DESTINATION_RULE
SEVERITY: Severity = "warning"
ALIASES: tuple[str, ...] = ()

BAD = """
apiVersion: v1
kind: Service
metadata: {name: store, namespace: shop}
spec: {clusterIP: None, selector: {app: store}, ports: [{name: tcp, port: 9000}]}
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: store, namespace: shop}
spec:
  host: store
  trafficPolicy:
    loadBalancer:  # finding
      simple: LEAST_REQUEST
"""

GOOD = """
apiVersion: v1
kind: Service
metadata: {name: store, namespace: shop}
spec: {selector: {app: store}, ports: [{name: tcp, port: 9000}]}
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: store, namespace: shop}
spec:
  host: store
  trafficPolicy:
    loadBalancer: {simple: LEAST_REQUEST}
"""


def check(rule: DestinationRule, mesh: World) -> Iterator[Problem]:
    """`loadBalancer` of a DestinationRule for a host whose calls are not balanced; PASSTHROUGH says the same and is fine."""
    for found in settings_of(rule, mesh.index, "loadBalancer"):
        reason = unbalanced(found.ports)
        if reason and found.value.get("simple") != "PASSTHROUGH" and not gateway_routed(mesh.index, rule.host):
            yield Problem(
                rule.manifest,
                found.path,
                f"loadBalancer is ignored: {reason}, so sidecars use the address that the client dialled",
                "remove it, or give the clients a Service with a cluster IP",
                key=True,
            )
