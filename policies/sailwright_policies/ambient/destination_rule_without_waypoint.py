"""Callers in ambient mode do not apply the traffic policy of a DestinationRule for a service without a waypoint.

ztunnel ignores the connection pool, outlier detection, load balancer, TLS settings and subsets of a DestinationRule. Sidecars and
gateways still apply them.
"""

from __future__ import annotations

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import DESTINATION_RULE
from sailwright.lint.rule import Problem
from sailwright.mesh.objects.routing import DestinationRule
from sailwright.mesh.queries.waypoints import at_ztunnel_alone, may_have_ambient_callers
from sailwright.mesh.world import World
from sailwright_policies.ambient import virtual_service_without_waypoint

ID = "destination-rule-without-waypoint"
KIND = DESTINATION_RULE
SEVERITY: Severity = "warning"
ALIASES: tuple[str, ...] = ("KIA0210", "KIA0211")

_RULE = """---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: cart, namespace: shop}
spec:
  host: cart
  trafficPolicy:  # finding
    outlierDetection: {consecutive5xxErrors: 5}
"""
BAD = virtual_service_without_waypoint.BAD.partition("---\napiVersion: networking")[0] + _RULE
GOOD = virtual_service_without_waypoint.GOOD.partition("---\napiVersion: networking")[0] + _RULE.replace(
    "  # finding", ""
)


def check(rule: DestinationRule, mesh: World) -> Iterator[Problem]:
    """Those with a traffic policy, for a service that callers in ambient mode reach through ztunnel alone."""
    index = mesh.index
    service = index.registry.service(rule.host)
    if service is None or not rule.manifest.spec.get("trafficPolicy"):
        return
    if at_ztunnel_alone(index, service) and may_have_ambient_callers(index, service):
        yield Problem(
            rule.manifest,
            ("spec", "trafficPolicy"),
            f"callers in ambient mode do not apply it: Service {service.namespace}/{service.name} has no waypoint",
            "give the service a waypoint (`mesh.waypoint`, or the label istio.io/use-waypoint)",
            related=((service.manifest, ("metadata", "name"), "the service"),),
            key=True,
        )
