"""Locality failover without outlier detection never fails over: Envoy never learns that an endpoint is unhealthy.

Envoy moves traffic to another locality as endpoints of the near one become unhealthy, and outlier detection is what marks
them. It must be in the policy that applies to the traffic: a port level policy inherits nothing, a subset's does.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import DESTINATION_RULE
from sailwright.lint.rule import Problem
from sailwright.mesh.objects.routing import DestinationRule
from sailwright.mesh.queries.traffic_policies import settings_of
from sailwright.mesh.world import World
from sailwright.source.untyped import get, mapping

ID = "locality-without-outlier-detection"
KIND = DESTINATION_RULE
SEVERITY: Severity = "warning"
ALIASES: tuple[str, ...] = ()
REPLACES = ("destination-rule-doubtful",)

BAD = """
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: reviews, namespace: shop}
spec:
  host: reviews
  trafficPolicy:
    loadBalancer:
      localityLbSetting:  # finding
        failover: [{from: eu-west, to: eu-central}]
"""

GOOD = """
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: reviews, namespace: shop}
spec:
  host: reviews
  trafficPolicy:
    loadBalancer:
      localityLbSetting:
        failover: [{from: eu-west, to: eu-central}]
    outlierDetection: {consecutive5xxErrors: 5, interval: 10s, baseEjectionTime: 1m}
"""


def check(rule: DestinationRule, mesh: World) -> Iterator[Problem]:
    """Failover settings in policies without outlier detection, their own, an inherited one or the mesh's default."""
    if get(mesh.facts.mesh_config, "defaultTrafficPolicy", "outlierDetection") is not None:
        return
    for found in settings_of(rule, mesh.index, "loadBalancer", "localityLbSetting"):
        asks = found.value.get("failover") or found.value.get("failoverPriority")
        if not asks or found.value.get("enabled") is False:
            continue
        holders = [found.policy.value]
        if found.policy.subset and found.policy.port is None:
            holders.append(mapping(rule.manifest.spec.get("trafficPolicy")))
        if not any(holder.get("outlierDetection") is not None for holder in holders):
            yield Problem(
                rule.manifest,
                found.path,
                "locality failover never happens without outlierDetection in the same policy",
                "add outlierDetection, as {consecutive5xxErrors: 5, interval: 10s, baseEjectionTime: 1m}",
                key=True,
            )
