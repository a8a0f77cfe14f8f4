"""Two DestinationRules for one host in one namespace are merged: of subsets with one name, and of two policies, one is dropped.

Istio concatenates their subsets, keeps the first of a name, and takes the traffic policy of the oldest one that has any. The
files have no creation times, so it is unknown which one applies.
"""

from collections.abc import Hashable, Iterator

from sailwright.diagnostics.finding import Path, Severity
from sailwright.lint.kinds import DESTINATION_RULE
from sailwright.lint.rule import Problem
from sailwright.mesh.objects.routing import DestinationRule
from sailwright.mesh.world import World

ID = "destination-rules-overlap"
SEVERITY: Severity = "warning"
ALIASES: tuple[str, ...] = ("KIA0201",)

BAD = """
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: reviews, namespace: shop}
spec:
  host: reviews
  trafficPolicy: {loadBalancer: {simple: RANDOM}}
  subsets: [{name: v1, labels: {version: v1}}]
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: reviews-canary, namespace: shop}
spec:
  host: reviews.shop.svc.cluster.local
  subsets:
    - {name: v1, labels: {version: v1, track: canary}}  # finding
"""

GOOD = """
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: reviews, namespace: shop}
spec:
  host: reviews
  trafficPolicy: {loadBalancer: {simple: RANDOM}}
  subsets: [{name: v1, labels: {version: v1}}]
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: reviews-canary, namespace: shop}
spec:
  host: reviews.shop.svc.cluster.local
  subsets: [{name: v2, labels: {version: v2}}]
"""


def _audience(rule: DestinationRule, _: World) -> Iterator[Hashable]:
    """What DestinationRules have alike that Istio merges; one for selected clients is never merged."""
    if not rule.workload_selector:
        yield rule.namespace, rule.host, rule.exports


KIND = DESTINATION_RULE.grouped_by(_audience)


def check(rules: tuple[DestinationRule, ...], _: World) -> Iterator[Problem]:
    """DestinationRules of one namespace, host and exportTo, each against the ones before it."""
    first: dict[str, tuple[DestinationRule, Path]] = {}
    for rule in rules:
        for name, path in _parts(rule):
            other, place = first.setdefault(name, (rule, path))
            if other is not rule and other.manifest.name != rule.manifest.name:
                yield Problem(
                    rule.manifest,
                    path,
                    f"{name} of {rule.host} stands in DestinationRule {other.manifest.name} too: one of the two is dropped",
                    "put everything about a host in one DestinationRule",
                    related=((other.manifest, place, "the other one"),),
                )


def _parts(rule: DestinationRule) -> Iterator[tuple[str, Path]]:
    yield from ((f"subset {subset.name}", subset.path) for subset in rule.subsets)
    if rule.manifest.spec.get("trafficPolicy"):
        yield "the trafficPolicy", ("spec", "trafficPolicy")
