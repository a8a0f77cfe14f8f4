"""`consecutiveErrors` is not read any more: no endpoint is ejected for it.

Istio accepts the field and ignores it. Its place was taken by two: one for 5xx answers, one for gateway errors (502, 503, 504).
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import DESTINATION_RULE
from sailwright.lint.rule import Problem
from sailwright.mesh.objects.routing import DestinationRule
from sailwright.mesh.queries.traffic_policies import settings_of
from sailwright.mesh.world import World

ID = "outlier-consecutive-errors"
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
    outlierDetection:
      consecutiveErrors: 7  # finding
      interval: 5m
"""

GOOD = """
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: reviews, namespace: shop}
spec:
  host: reviews
  trafficPolicy:
    outlierDetection:
      consecutive5xxErrors: 7
      interval: 5m
"""


def check(rule: DestinationRule, mesh: World) -> Iterator[Problem]:
    """Every outlier detection of a DestinationRule, those of subsets and ports too."""
    for found in settings_of(rule, mesh.index, "outlierDetection"):
        for key in found.having("consecutiveErrors"):
            yield Problem(
                rule.manifest,
                found.at(key),
                "consecutiveErrors has no effect: Istio does not read it",
                "write consecutive5xxErrors, or consecutiveGatewayErrors for 502, 503 and 504 only",
                key=True,
            )
