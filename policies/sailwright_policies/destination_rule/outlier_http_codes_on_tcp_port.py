"""Status codes cannot eject a TCP endpoint: there are none.

`outlierDetectionHttpErrorCodes` is an option of the HTTP upstream, which a TCP or TLS port does not have.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.rule import Problem
from sailwright.mesh.queries.traffic_policies import all_tcp, settings
from sailwright.mesh.world import World

ID = "outlier-http-codes-on-tcp-port"
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
      outlierDetectionHttpErrorCodes: [429]  # finding
"""

GOOD = """
apiVersion: v1
kind: Service
metadata: {name: orders, namespace: shop}
spec: {selector: {app: orders}, ports: [{name: http, port: 9000}]}
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: orders, namespace: shop}
spec:
  host: orders
  trafficPolicy:
    outlierDetection:
      outlierDetectionHttpErrorCodes: [429]
"""


def check(world: World) -> Iterator[Problem]:
    """Status codes in policies that govern TCP and TLS ports alone."""
    for found in settings(world.index, "outlierDetection"):
        if "outlierDetectionHttpErrorCodes" in found.value and all_tcp(found.ports):
            yield Problem(
                found.rule.manifest,
                found.at("outlierDetectionHttpErrorCodes"),
                f"outlierDetectionHttpErrorCodes has no effect: {found.ports[0]}",
                "use consecutive5xxErrors: connect failures and timeouts count as errors on TCP",
                key=True,
            )
