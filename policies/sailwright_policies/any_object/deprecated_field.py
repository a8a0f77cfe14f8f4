"""A deprecated field works today and is removed in some release, without another warning.

The replacement of each is in the message.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from sailwright.diagnostics.finding import Path, Severity
from sailwright.lint.kinds import DESTINATION_RULE, VIRTUAL_SERVICE
from sailwright.lint.rule import Problem
from sailwright.mesh.objects.routing import DestinationRule, VirtualService
from sailwright.mesh.world import World
from sailwright.source.untyped import get

ID = "deprecated-field"
KIND = VIRTUAL_SERVICE | DESTINATION_RULE
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


def check(subject: VirtualService | DestinationRule, _: World) -> Iterator[Problem]:
    """Fields of http routes and of traffic policies; `fault.delay.percent` has a rule of its own."""
    for path, block in _blocks(subject):
        for keys, instead in (HTTP if isinstance(subject, VirtualService) else POLICY).items():
            if get(block, *keys) is not None:
                message = f"`{keys[-1]}` is deprecated"
                yield Problem(subject.manifest, (*path, *keys), message, f"write {instead}", key=True)


def _blocks(subject: VirtualService | DestinationRule) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    if isinstance(subject, VirtualService):
        return subject.rules("http")
    return ((policy.path, policy.value) for policy in subject.policies)
