"""A TCP idle timeout or maximum duration below the top level of a DestinationRule is not read: the default of an hour holds.

On TCP and TLS ports these belong to the listener, which only sees the policy at the top. In a subset or under
portLevelSettings they are accepted and ignored.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import DESTINATION_RULE
from sailwright.lint.rule import Problem
from sailwright.mesh.objects.routing import DestinationRule
from sailwright.mesh.queries.traffic_policies import settings_on_tcp
from sailwright.mesh.world import World

ID = "connection-lifetime-below-top-level"
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
  subsets:
    - name: v1
      labels: {version: v1}
      trafficPolicy:
        connectionPool: {tcp: {idleTimeout: 10m}}  # finding
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
    connectionPool: {tcp: {idleTimeout: 10m}}
"""


def check(rule: DestinationRule, mesh: World) -> Iterator[Problem]:
    """`idleTimeout` and `maxConnectionDuration` of a subset or a port, where all ports they govern are TCP or TLS."""
    for found in settings_on_tcp(rule, mesh.index, "connectionPool", "tcp"):
        below = found.policy.subset or found.policy.port
        for key in found.having("idleTimeout", "maxConnectionDuration") if below else ():
            yield Problem(
                rule.manifest,
                found.at(key),
                f"{key} is read at the top level only: {found.ports[0]}",
                "move it to spec.trafficPolicy.connectionPool.tcp",
                key=True,
            )
