"""A retry budget does nothing on a TCP port: only HTTP requests are retried.

The budget limits the retries in flight; a TCP proxy has none.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import DESTINATION_RULE
from sailwright.lint.rule import Problem
from sailwright.mesh.objects.routing import DestinationRule
from sailwright.mesh.queries.traffic_policies import settings_on_tcp
from sailwright.mesh.world import World

ID = "retry-budget-on-tcp-port"
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
    retryBudget: {percent: 20}  # finding
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
    retryBudget: {percent: 20}
"""


def check(rule: DestinationRule, mesh: World) -> Iterator[Problem]:
    """`retryBudget` in policies that govern TCP and TLS ports alone."""
    for found in settings_on_tcp(rule, mesh.index, "retryBudget"):
        yield Problem(
            rule.manifest,
            found.path,
            f"retryBudget has no effect: {found.ports[0]}",
            "remove it, or declare the port as HTTP if it is",
            key=True,
        )
