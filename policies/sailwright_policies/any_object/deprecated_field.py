"""A deprecated field works today and is removed in some release, without another warning.

The replacement of each is in the message.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Path, Severity
from sailwright.lint.rule import Problem
from sailwright.mesh.queries.traffic_policies import policies
from sailwright.mesh.world import World
from sailwright.source.manifest import Manifest
from sailwright.source.untyped import get

ID = "deprecated-field"
SEVERITY: Severity = "warning"
ALIASES: tuple[str, ...] = ()
REPLACES = ("virtual-service-doubtful", "destination-rule-doubtful")

BAD = """
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: reviews, namespace: shop}
spec:
  hosts: [reviews]
  http:
    - route: [{destination: {host: reviews, subset: v1}}]
      mirror: {host: reviews, subset: v2}
      mirrorPercent: 10  # finding
      corsPolicy:
        allowOrigin: [https://shop.example.com]  # finding
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: reviews, namespace: shop}
spec:
  host: reviews
  trafficPolicy:
    loadBalancer:
      warmupDurationSecs: 60s  # finding
"""

GOOD = """
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: reviews, namespace: shop}
spec:
  hosts: [reviews]
  http:
    - route: [{destination: {host: reviews, subset: v1}}]
      mirror: {host: reviews, subset: v2}
      mirrorPercentage: {value: 10}
      corsPolicy:
        allowOrigins: [{exact: https://shop.example.com}]
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: reviews, namespace: shop}
spec:
  host: reviews
  trafficPolicy:
    loadBalancer:
      warmup: {duration: 60s}
"""

HTTP = {
    ("mirrorPercent",): "mirrorPercentage: {value: ...}",
    ("mirror_percent",): "mirrorPercentage: {value: ...}",
    ("corsPolicy", "allowOrigin"): "allowOrigins, a list of {exact: ...}, {prefix: ...} or {regex: ...}",
}
POLICY = {
    ("loadBalancer", "warmupDurationSecs"): "warmup: {duration: ...}",
    ("loadBalancer", "consistentHash", "minimumRingSize"): "ringHash: {minimumRingSize: ...}",
}


def check(world: World) -> Iterator[Problem]:
    """Fields of http routes and of traffic policies; `fault.delay.percent` has a rule of its own."""
    for service in world.index.virtual_services:
        for path, rule in service.rules("http"):
            for keys, instead in HTTP.items():
                if get(rule, *keys) is not None:
                    yield _problem(service.manifest, (*path, *keys), instead)
    for destination_rule in world.index.destination_rules:
        for policy in policies(destination_rule):
            for keys, instead in POLICY.items():
                if get(policy.value, *keys) is not None:
                    yield _problem(destination_rule.manifest, policy.at(*keys), instead)


def _problem(manifest: Manifest, path: Path, instead: str) -> Problem:
    return Problem(manifest, path, f"`{path[-1]}` is deprecated", f"write {instead}", key=True)
