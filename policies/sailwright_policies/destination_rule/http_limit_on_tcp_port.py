"""A limit on HTTP requests can refuse TCP connections: Envoy counts both against one threshold.

`http2MaxRequests` and `http1MaxPendingRequests` are written to the cluster for every protocol. They are meant for
requests; a small value on a TCP port refuses connections.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import DESTINATION_RULE
from sailwright.lint.rule import Problem
from sailwright.mesh.objects.routing import DestinationRule
from sailwright.mesh.queries.traffic_policies import settings_of
from sailwright.mesh.world import World

ID = "http-limit-on-tcp-port"
KIND = DESTINATION_RULE
SEVERITY: Severity = "warning"
ALIASES: tuple[str, ...] = ()

_TCP_ONLY = """
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
    connectionPool:
      http: {http2MaxRequests: 10}  # finding
"""

_MIXED_PORTS = """
apiVersion: v1
kind: Service
metadata: {name: orders, namespace: shop}
spec: {selector: {app: orders}, ports: [{name: http, port: 80}, {name: tcp-feed, port: 9000}]}
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: orders, namespace: shop}
spec:
  host: orders
  trafficPolicy:
    connectionPool:
      http: {http2MaxRequests: 10}  # finding
"""
BAD = (_TCP_ONLY, _MIXED_PORTS)
_MIXED = "set it under portLevelSettings of the HTTP ports: an entry there replaces all settings above"

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
    connectionPool:
      tcp: {maxConnections: 10}
"""


def check(rule: DestinationRule, mesh: World) -> Iterator[Problem]:
    """Limits on requests in policies that govern a TCP or TLS port, alone or beside HTTP ports."""
    for found in settings_of(rule, mesh.index, "connectionPool", "http"):
        bytes_only = [each for each in found.ports if each.port.protocol.is_tcp]
        mixed = len(bytes_only) < len(found.ports)
        for key in found.having("http2MaxRequests", "http1MaxPendingRequests") if bytes_only else ():
            yield Problem(
                rule.manifest,
                found.at(key),
                f"{key} may refuse connections, for it counts on TCP too: {bytes_only[0]}",
                _MIXED if mixed else "limit connections with connectionPool.tcp.maxConnections",
                key=True,
            )
