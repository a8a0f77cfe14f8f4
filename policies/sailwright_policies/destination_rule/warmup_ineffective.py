"""A warm-up works with round robin and least request only: with any other load balancer new pods get full traffic at once.

Slow start scales the weight of a new endpoint, and RANDOM, PASSTHROUGH and hash rings do not look at it.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import DESTINATION_RULE
from sailwright.lint.rule import Problem
from sailwright.mesh.objects.routing import DestinationRule
from sailwright.mesh.queries.traffic_policies import settings_of
from sailwright.mesh.world import World

ID = "warmup-ineffective"
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
      simple: RANDOM
      warmup: {duration: 60s}  # finding
"""

GOOD = """
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: reviews, namespace: shop}
spec:
  host: reviews
  trafficPolicy:
    loadBalancer:
      simple: LEAST_REQUEST
      warmup: {duration: 60s}
"""


def check(rule: DestinationRule, mesh: World) -> Iterator[Problem]:
    """`warmup` and `warmupDurationSecs` beside a load balancer that ignores them."""
    for found in settings_of(rule, mesh.index, "loadBalancer"):
        used = "consistentHash" if "consistentHash" in found.value else found.value.get("simple")
        ignored = used in ("RANDOM", "PASSTHROUGH", "consistentHash")
        for key in found.having("warmup", "warmupDurationSecs") if ignored else ():
            yield Problem(
                rule.manifest,
                found.at(key),
                f"{key} has no effect with {used}",
                "use simple: LEAST_REQUEST or ROUND_ROBIN, or remove it",
                key=True,
            )
