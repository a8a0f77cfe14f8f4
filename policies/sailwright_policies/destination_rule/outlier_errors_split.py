"""With split error counting, 5xx thresholds never eject a TCP endpoint: it only ever fails in the way that is counted apart.

`splitExternalLocalOriginErrors: true` moves connect failures and timeouts to `consecutiveLocalOriginFailures`; a TCP port has
no other errors.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.rule import Problem
from sailwright.mesh.queries.traffic_policies import all_tcp, settings
from sailwright.mesh.world import World

ID = "outlier-errors-split"
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


def check(world: World) -> Iterator[Problem]:
    """Thresholds for HTTP errors beside split counting, in policies that govern TCP and TLS ports alone."""
    for found in settings(world.index, "outlierDetection"):
        if found.value.get("splitExternalLocalOriginErrors") is not True or not all_tcp(found.ports):
            continue
        for key in ("consecutive5xxErrors", "consecutiveGatewayErrors"):
            if key in found.value:
                yield Problem(
                    found.rule.manifest,
                    found.at(key),
                    f"{key} counts nothing while errors are split: {found.ports[0]}",
                    "use consecutiveLocalOriginFailures, or leave splitExternalLocalOriginErrors out",
                    key=True,
                )
