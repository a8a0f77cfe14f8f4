"""With the PASSTHROUGH load balancer a subset's labels select nothing: every subset is every pod.

PASSTHROUGH forwards to the address that the client dialled. Routes to subsets, weights between them, locality and outlier
ejection are accepted and have no effect.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import DESTINATION_RULE
from sailwright.lint.rule import Problem
from sailwright.mesh.objects.routing import DestinationRule, Subset
from sailwright.mesh.objects.traffic_policy import Policy
from sailwright.mesh.queries.traffic_policies import settings_of
from sailwright.mesh.world import World
from sailwright.source.untyped import get

ID = "passthrough-with-subsets"
KIND = DESTINATION_RULE
SEVERITY: Severity = "warning"
ALIASES: tuple[str, ...] = ()

BAD = """
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: reviews, namespace: shop}
spec:
  host: reviews
  trafficPolicy:
    loadBalancer:
      simple: PASSTHROUGH  # finding
  subsets:
    - {name: v1, labels: {version: v1}}
    - {name: v2, labels: {version: v2}}
"""

GOOD = """
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: reviews, namespace: shop}
spec:
  host: reviews
  trafficPolicy:
    loadBalancer: {simple: LEAST_REQUEST}
  subsets:
    - {name: v1, labels: {version: v1}}
    - {name: v2, labels: {version: v2}}
"""


def check(rule: DestinationRule, mesh: World) -> Iterator[Problem]:
    """PASSTHROUGH of a subset with labels, or inherited by one."""
    for found in settings_of(rule, mesh.index, "loadBalancer"):
        if found.value.get("simple") != "PASSTHROUGH":
            continue
        hit = [subset.name for subset in rule.subsets if subset.labels and _inherits(subset, found.policy)]
        if hit:
            yield Problem(
                rule.manifest,
                found.at("simple"),
                f"PASSTHROUGH ignores the labels of subset {', '.join(hit)}: calls go to the address that the client dialled",
                "use another load balancer, or remove the subsets",
            )


def _inherits(subset: Subset, policy: Policy) -> bool:
    if policy.subset:
        return policy.subset == subset.name
    return get(subset.value, "trafficPolicy", "loadBalancer") is None
