"""Ejecting an endpoint has no effect where calls go to the address that the client chose.

Headless Services, ServiceEntries with resolution NONE and the PASSTHROUGH load balancer have no pool to fail over to.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import DESTINATION_RULE
from sailwright.lint.rule import Problem
from sailwright.mesh.objects.routing import DestinationRule
from sailwright.mesh.queries.route_ports import gateway_routed
from sailwright.mesh.queries.traffic_policies import settings_of, unbalanced
from sailwright.mesh.world import World
from sailwright.source.untyped import get

ID = "outlier-detection-without-pool"
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
    outlierDetection: {consecutive5xxErrors: 3}  # finding
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
    outlierDetection: {consecutive5xxErrors: 3}
"""


def check(rule: DestinationRule, mesh: World) -> Iterator[Problem]:
    """`outlierDetection` for hosts that are not balanced, or beside PASSTHROUGH."""
    for found in settings_of(rule, mesh.index, "outlierDetection"):
        reason = unbalanced(found.ports)
        if get(found.policy.value, "loadBalancer", "simple") == "PASSTHROUGH":
            reason = "the load balancer is PASSTHROUGH"
        if reason and not gateway_routed(mesh.index, rule.host):
            yield Problem(
                rule.manifest,
                found.path,
                f"outlierDetection has no effect: {reason}, so there is no other endpoint to use",
                "remove it, or give the clients a Service with a cluster IP",
                key=True,
            )
