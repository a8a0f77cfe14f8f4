"""Upgrading a TCP port to HTTP/2 can break it: with TLS origination the client then offers HTTP/2 only.

`h2UpgradePolicy: UPGRADE` is honoured for any port, not just for HTTP ones. The application's own protocol is not HTTP/2, and
a server that checks ALPN refuses the connection.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import DESTINATION_RULE
from sailwright.lint.rule import Problem
from sailwright.mesh.objects.routing import DestinationRule
from sailwright.mesh.queries.traffic_policies import settings_of
from sailwright.mesh.world import World

ID = "h2-upgrade-on-tcp-port"
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
    connectionPool:
      http: {h2UpgradePolicy: UPGRADE}  # finding
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
    connectionPool:
      http: {h2UpgradePolicy: UPGRADE}
"""


def check(rule: DestinationRule, mesh: World) -> Iterator[Problem]:
    """UPGRADE in a policy that governs a TCP or TLS port."""
    for found in settings_of(rule, mesh.index, "connectionPool", "http"):
        tcp = [port for port in found.ports if port.port.protocol.is_tcp]
        if tcp and found.value.get("h2UpgradePolicy") == "UPGRADE":
            yield Problem(
                rule.manifest,
                found.at("h2UpgradePolicy"),
                f"the upgrade to HTTP/2 applies to a port that is not HTTP: {tcp[0]}",
                "set it under portLevelSettings, for the HTTP ports only",
            )
