"""Settings for HTTP/2 have no effect on a port without HTTP/2.

`maxConcurrentStreams` and `http2KeepAlive` need an upstream that is HTTP/2 for sure: a port declared http2, grpc or grpc-web,
or `h2UpgradePolicy: UPGRADE`. On HTTP/1.1, guessed and TCP ports, and with useClientProtocol, they are ignored.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import DESTINATION_RULE
from sailwright.lint.rule import Problem
from sailwright.mesh.objects.routing import DestinationRule
from sailwright.mesh.queries.traffic_policies import settings_of
from sailwright.mesh.values.protocol import HTTP2_FAMILY
from sailwright.mesh.world import World

ID = "http2-setting-without-http2"
KIND = DESTINATION_RULE
SEVERITY: Severity = "warning"
ALIASES: tuple[str, ...] = ()

BAD = """
apiVersion: v1
kind: Service
metadata: {name: reviews, namespace: shop}
spec: {selector: {app: reviews}, ports: [{name: http, port: 9080}]}
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: reviews, namespace: shop}
spec:
  host: reviews
  trafficPolicy:
    connectionPool:
      http: {maxConcurrentStreams: 100}  # finding
"""

GOOD = """
apiVersion: v1
kind: Service
metadata: {name: reviews, namespace: shop}
spec: {selector: {app: reviews}, ports: [{name: grpc, port: 9080}]}
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: reviews, namespace: shop}
spec:
  host: reviews
  trafficPolicy:
    connectionPool:
      http: {maxConcurrentStreams: 100}
"""


def check(rule: DestinationRule, mesh: World) -> Iterator[Problem]:
    """HTTP/2 settings in policies none of whose ports is HTTP/2, by declaration or by upgrade."""
    if mesh.facts.mesh_config.get("h2UpgradePolicy") == "UPGRADE":
        return
    for found in settings_of(rule, mesh.index, "connectionPool", "http"):
        upgraded = found.value.get("h2UpgradePolicy") == "UPGRADE"
        http2 = upgraded or any(port.port.protocol.name in HTTP2_FAMILY for port in found.ports)
        if not found.ports or (http2 and found.value.get("useClientProtocol") is not True):
            continue
        reason = "useClientProtocol is set" if http2 else str(found.ports[0])
        for key in found.having("maxConcurrentStreams", "http2KeepAlive"):
            yield Problem(
                rule.manifest,
                found.at(key),
                f"{key} has no effect without HTTP/2: {reason}",
                "declare the port as http2 or grpc, or set h2UpgradePolicy: UPGRADE",
                key=True,
            )
