"""A TCP idle timeout or maximum duration below the top level of a DestinationRule is not read: the default of an hour holds.

On TCP and TLS ports these belong to the listener, which only sees the policy at the top. In a subset or under
portLevelSettings they are accepted and ignored.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.rule import Problem
from sailwright.mesh.queries.traffic_policies import all_tcp, settings
from sailwright.mesh.world import World

ID = "connection-lifetime-below-top-level"
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


def check(world: World) -> Iterator[Problem]:
    """`idleTimeout` and `maxConnectionDuration` of a subset or a port, where all ports they govern are TCP or TLS."""
    for found in settings(world.index, "connectionPool", "tcp"):
        if not (found.policy.subset or found.policy.port) or not all_tcp(found.ports):
            continue
        for key in ("idleTimeout", "maxConnectionDuration"):
            if key in found.value:
                yield Problem(
                    found.rule.manifest,
                    found.at(key),
                    f"{key} is read at the top level only: {found.ports[0]}",
                    "move it to spec.trafficPolicy.connectionPool.tcp",
                    key=True,
                )
