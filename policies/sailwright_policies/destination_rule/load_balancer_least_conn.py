"""LEAST_CONN is the old name of LEAST_REQUEST, and what it names was never connections.

Both choose between two random endpoints by their requests in flight.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import DESTINATION_RULE
from sailwright.lint.rule import Fix, Problem
from sailwright.mesh.objects.routing import DestinationRule
from sailwright.mesh.queries.traffic_policies import settings_of
from sailwright.mesh.world import World
from sailwright.source.edit import Set

ID = "load-balancer-least-conn"
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
      simple: LEAST_CONN  # finding
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
"""


def check(rule: DestinationRule, mesh: World) -> Iterator[Problem]:
    """Every load balancer of a hand-written DestinationRule; in a service file the language tells the same."""
    for found in settings_of(rule, mesh.index, "loadBalancer"):
        if rule.manifest.origin is None and found.value.get("simple") == "LEAST_CONN":
            path = found.at("simple")
            yield Problem(
                rule.manifest,
                path,
                "LEAST_CONN is deprecated",
                "write LEAST_REQUEST, which does the same",
                fix=Fix("write LEAST_REQUEST", (Set(path, "LEAST_REQUEST"),)),
            )
