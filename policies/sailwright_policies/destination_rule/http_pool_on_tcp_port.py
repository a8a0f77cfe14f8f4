"""Pool settings for HTTP do nothing on a TCP port.

`maxRequestsPerConnection`, `maxRetries`, the HTTP `idleTimeout` and `useClientProtocol` are options of the HTTP connection
manager, and a TCP or TLS port has none.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import DESTINATION_RULE
from sailwright.lint.rule import Problem
from sailwright.mesh.objects.routing import DestinationRule
from sailwright.mesh.queries.traffic_policies import settings_on_tcp
from sailwright.mesh.world import World

ID = "http-pool-on-tcp-port"
KIND = DESTINATION_RULE
SEVERITY: Severity = "warning"
ALIASES: tuple[str, ...] = ()

BAD = """
apiVersion: v1
kind: Service
metadata: {name: mysql, namespace: shop}
spec: {selector: {app: mysql}, ports: [{name: mysql, port: 3306}]}
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: mysql, namespace: shop}
spec:
  host: mysql
  trafficPolicy:
    connectionPool:
      http: {maxRequestsPerConnection: 10}  # finding
"""

GOOD = """
apiVersion: v1
kind: Service
metadata: {name: mysql, namespace: shop}
spec: {selector: {app: mysql}, ports: [{name: mysql, port: 3306}]}
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: mysql, namespace: shop}
spec:
  host: mysql
  trafficPolicy:
    connectionPool:
      tcp: {maxConnections: 10, idleTimeout: 10m}
"""


def check(rule: DestinationRule, mesh: World) -> Iterator[Problem]:
    """HTTP pool settings in policies that govern TCP and TLS ports alone."""
    for found in settings_on_tcp(rule, mesh.index, "connectionPool", "http"):
        for key in found.having("maxRequestsPerConnection", "maxRetries", "idleTimeout", "useClientProtocol"):
            yield Problem(
                rule.manifest,
                found.at(key),
                f"connectionPool.http.{key} has no effect: {found.ports[0]}",
                "use connectionPool.tcp, or declare the port as HTTP if it is",
                key=True,
            )
