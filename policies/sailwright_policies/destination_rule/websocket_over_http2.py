"""A WebSocket cannot be opened over a connection that is upgraded to HTTP/2.

`h2UpgradePolicy: UPGRADE` makes every call to the port HTTP/2. A WebSocket then needs the extended CONNECT method, which the
sidecar of the server does not allow: the handshake fails.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import DESTINATION_RULE
from sailwright.lint.rule import Problem
from sailwright.mesh.objects.routing import DestinationRule
from sailwright.mesh.queries.traffic_policies import Governed, settings_of
from sailwright.mesh.world import World
from sailwright.source.untyped import entries, text

ID = "websocket-over-http2"
KIND = DESTINATION_RULE
SEVERITY: Severity = "warning"
ALIASES: tuple[str, ...] = ()

BAD = """
apiVersion: v1
kind: Service
metadata: {name: chat, namespace: shop}
spec:
  selector: {app: chat}
  ports: [{name: events, port: 80, appProtocol: kubernetes.io/ws}]
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: chat, namespace: shop}
spec:
  host: chat
  trafficPolicy:
    connectionPool:
      http: {h2UpgradePolicy: UPGRADE}  # finding
"""

GOOD = """
apiVersion: v1
kind: Service
metadata: {name: chat, namespace: shop}
spec:
  selector: {app: chat}
  ports:
    - {name: http, port: 80}
    - {name: events, port: 81, appProtocol: kubernetes.io/ws}
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: chat, namespace: shop}
spec:
  host: chat
  trafficPolicy:
    portLevelSettings:
      - port: {number: 80}
        connectionPool: {http: {h2UpgradePolicy: UPGRADE}}
"""
WORDS = frozenset({"ws", "websocket", "websockets"})


def check(rule: DestinationRule, mesh: World) -> Iterator[Problem]:
    """`h2UpgradePolicy: UPGRADE` over a port whose appProtocol or name says that WebSockets come there."""
    for found in settings_of(rule, mesh.index, "connectionPool", "http"):
        if found.value.get("h2UpgradePolicy") == "UPGRADE":
            sockets = [each for each in found.ports if each.port.protocol.is_http and _takes_websockets(each)]
            if sockets:
                port = sockets[0].port
                yield Problem(
                    rule.manifest,
                    found.at("h2UpgradePolicy"),
                    f"port {port.number} of {rule.host} takes WebSockets, and over HTTP/2 none can be opened",
                    "leave the upgrade out for this port: give the others portLevelSettings of their own",
                    related=((sockets[0].service.manifest, port.path, "the port for WebSockets"),),
                )


def _takes_websockets(governed: Governed) -> bool:
    words = governed.port.name.lower().split("-")
    declared = (
        value
        for path, value in entries(governed.service.spec.get("ports"), ("spec", "ports"))
        if path == governed.port.path
    )
    protocol = next((text(value.get("appProtocol")) for value in declared), "")
    return protocol == "kubernetes.io/ws" or bool(WORDS.intersection(words))
