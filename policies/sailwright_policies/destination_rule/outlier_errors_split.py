"""With split error counting, 5xx thresholds never eject a TCP endpoint: it only ever fails in the way that is counted apart.

`splitExternalLocalOriginErrors: true` moves connect failures and timeouts to `consecutiveLocalOriginFailures`; a TCP port has
no other errors.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import DESTINATION_RULE
from sailwright.lint.rule import Problem
from sailwright.mesh.objects.routing import DestinationRule
from sailwright.mesh.queries.traffic_policies import settings_on_tcp
from sailwright.mesh.world import World

ID = "outlier-errors-split"
KIND = DESTINATION_RULE
SEVERITY: Severity = "warning"
ALIASES: tuple[str, ...] = ()

BAD = """
apiVersion: v1
kind: Service
metadata: {name: orders, namespace: shop}
spec: {selector: {app: orders}, ports: [{name: tcp, port: 9000}]}
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: orders, namespace: shop}
spec:
  host: orders
  trafficPolicy:
    outlierDetection:
      splitExternalLocalOriginErrors: true
      consecutive5xxErrors: 3  # finding
"""

GOOD = """
apiVersion: v1
kind: Service
metadata: {name: orders, namespace: shop}
spec: {selector: {app: orders}, ports: [{name: tcp, port: 9000}]}
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: orders, namespace: shop}
spec:
  host: orders
  trafficPolicy:
    outlierDetection:
      splitExternalLocalOriginErrors: true
      consecutiveLocalOriginFailures: 3
"""


def check(rule: DestinationRule, mesh: World) -> Iterator[Problem]:
    """Thresholds for HTTP errors beside split counting, in policies that govern TCP and TLS ports alone."""
    for found in settings_on_tcp(rule, mesh.index, "outlierDetection"):
        split = found.value.get("splitExternalLocalOriginErrors") is True
        for key in found.having("consecutive5xxErrors", "consecutiveGatewayErrors") if split else ():
            yield Problem(
                rule.manifest,
                found.at(key),
                f"{key} counts nothing while errors are split: {found.ports[0]}",
                "use consecutiveLocalOriginFailures, or leave splitExternalLocalOriginErrors out",
                key=True,
            )
