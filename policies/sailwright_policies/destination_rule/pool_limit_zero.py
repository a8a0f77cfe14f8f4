"""A pool limit of 0 does not mean none: Istio takes it as not set, and the default is practically unlimited.

Only values above 0 are applied. Who writes 0 to forbid retries or pending requests gets 4294967295 of them.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import DESTINATION_RULE
from sailwright.lint.rule import Problem
from sailwright.mesh.objects.routing import DestinationRule
from sailwright.mesh.queries.traffic_policies import settings_of
from sailwright.mesh.world import World

ID = "pool-limit-zero"
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
    connectionPool:
      tcp: {maxConnections: 0}  # finding
      http: {maxRetries: 0}  # finding
"""

GOOD = """
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: reviews, namespace: shop}
spec:
  host: reviews
  trafficPolicy:
    connectionPool:
      tcp: {maxConnections: 100}
      http: {maxRetries: 1}
"""

LIMITS = (("tcp", ("maxConnections",)), ("http", ("http1MaxPendingRequests", "http2MaxRequests", "maxRetries")))


def check(rule: DestinationRule, mesh: World) -> Iterator[Problem]:
    """Limits of the connection pool that are 0."""
    for block, keys in LIMITS:
        for found in settings_of(rule, mesh.index, "connectionPool", block):
            for key in keys:
                if found.value.get(key) == 0 and key in found.value and found.value[key] is not False:
                    yield Problem(
                        rule.manifest,
                        found.at(key),
                        f"{key}: 0 is taken as not set, which means no limit",
                        "set the limit to 1 or more, or remove it",
                    )
