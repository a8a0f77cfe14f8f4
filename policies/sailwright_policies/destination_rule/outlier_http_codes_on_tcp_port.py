"""Status codes cannot eject a TCP endpoint: there are none.

`outlierDetectionHttpErrorCodes` is an option of the HTTP upstream, which a TCP or TLS port does not have.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import DESTINATION_RULE
from sailwright.lint.rule import Problem
from sailwright.mesh.objects.routing import DestinationRule
from sailwright.mesh.queries.traffic_policies import settings_on_tcp
from sailwright.mesh.world import World

ID = "outlier-http-codes-on-tcp-port"
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


def check(rule: DestinationRule, mesh: World) -> Iterator[Problem]:
    """Status codes in policies that govern TCP and TLS ports alone."""
    for found in settings_on_tcp(rule, mesh.index, "outlierDetection"):
        for key in found.having("outlierDetectionHttpErrorCodes"):
            yield Problem(
                rule.manifest,
                found.at(key),
                f"{key} has no effect: {found.ports[0]}",
                "use consecutive5xxErrors: connect failures and timeouts count as errors on TCP",
                key=True,
            )
