"""On HTTP ports the idle timeout under `tcp` is not read where there is one under `http`.

`connectionPool.tcp.idleTimeout` is only the default for HTTP connections; the one under `http` goes before it, so the time under
`tcp` holds nowhere if all ports are HTTP.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import DESTINATION_RULE
from sailwright.lint.rule import Problem
from sailwright.mesh.objects.routing import DestinationRule
from sailwright.mesh.queries.traffic_policies import settings_of
from sailwright.mesh.values.duration import seconds
from sailwright.mesh.world import World
from sailwright.source.untyped import get

ID = "tcp-idle-timeout-overridden"
KIND = DESTINATION_RULE
SEVERITY: Severity = "warning"
ALIASES: tuple[str, ...] = ()

BAD = """
apiVersion: v1
kind: Service
metadata: {name: orders, namespace: shop}
spec: {selector: {app: orders}, ports: [{name: http, port: 80}]}
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: orders, namespace: shop}
spec:
  host: orders
  trafficPolicy:
    connectionPool:
      tcp: {idleTimeout: 10m}  # finding
      http: {idleTimeout: 1m}
"""

GOOD = (
    BAD.replace("{idleTimeout: 10m}  # finding", "{maxConnections: 100}"),
    BAD.replace("      http: {idleTimeout: 1m}\n", "").replace("  # finding", ""),
    BAD.replace("{name: http, port: 80}", "{name: http, port: 80}, {name: tcp, port: 90}").replace("  # finding", ""),
)


def check(rule: DestinationRule, mesh: World) -> Iterator[Problem]:
    """Both idle timeouts in one policy with different times, where all ports that it governs are declared as HTTP."""
    for found in settings_of(rule, mesh.index, "connectionPool", "tcp"):
        mine, other = (
            seconds(get(found.policy.value, "connectionPool", key, "idleTimeout")) for key in ("tcp", "http")
        )
        if mine is None or other is None or mine == other:
            continue
        if found.ports and all(each.port.protocol.is_http for each in found.ports):
            yield Problem(
                rule.manifest,
                found.at("idleTimeout"),
                f"not read: connectionPool.http.idleTimeout goes before it, and {found.ports[0]}",
                "remove one of the two",
                related=((rule.manifest, found.policy.at("connectionPool", "http", "idleTimeout"), "this time holds"),),
                key=True,
            )
