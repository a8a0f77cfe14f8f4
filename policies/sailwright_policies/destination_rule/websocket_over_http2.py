"""A WebSocket cannot be opened over a connection that is upgraded to HTTP/2.

`h2UpgradePolicy: UPGRADE` makes every call to the port HTTP/2. A WebSocket then needs the extended CONNECT method, which the
sidecar of the server does not allow: the handshake fails.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import DESTINATION_RULE, SERVICE
from sailwright.lint.rule import Problem
from sailwright.mesh.objects.routing import DestinationRule
from sailwright.mesh.objects.services import Service
from sailwright.mesh.queries.traffic_policies import Governed, settings_of
from sailwright.mesh.world import World
from sailwright.source.untyped import entries, text

ID = "websocket-over-http2"
KIND = DESTINATION_RULE | SERVICE
SEVERITY: Severity = "warning"
ALIASES: tuple[str, ...] = ()

_RULE = """
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

_MESH = """
apiVersion: v1
kind: ConfigMap
metadata: {name: istio, namespace: istio-system}
data: {mesh: "h2UpgradePolicy: UPGRADE"}
---
apiVersion: v1
kind: Service
metadata: {name: chat, namespace: shop}
spec:
  selector: {app: chat}
  ports:
    - {name: http, port: 80}
    - {name: http-ws, port: 81}  # finding
"""
BAD = (_RULE, _MESH)
GOOD = (
    """
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
""",
    _MESH.replace("  # finding", "")
    + """
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: chat, namespace: shop}
spec:
  host: chat
  trafficPolicy: {connectionPool: {http: {h2UpgradePolicy: DO_NOT_UPGRADE}}}
""",
)
WORDS = frozenset({"ws", "websocket", "websockets"})


def check(subject: DestinationRule | Service, mesh: World) -> Iterator[Problem]:
    """`h2UpgradePolicy: UPGRADE`, of a DestinationRule or MeshConfig, over a port that by appProtocol or name takes WebSockets."""
    if isinstance(subject, Service):
        yield from _by_mesh_config(subject, mesh)
    else:
        yield from _by_rule(subject, mesh)


def _by_mesh_config(service: Service, mesh: World) -> Iterator[Problem]:
    """The ports of a Service under MeshConfig's policy, where no DestinationRule says otherwise."""
    index = mesh.index
    if index.mesh.config.get("h2UpgradePolicy") != "UPGRADE" or not index.may_be_in_mesh(service):
        return
    rules = index.rules_for(service.hosts[0])
    if any(found.value.get("h2UpgradePolicy") for rule in rules for found in settings_of(rule, index, *_HTTP)):
        return
    for port in service.ports:
        if port.protocol.name == "HTTP" and _takes_websockets(Governed(service.hosts[0], service, port)):
            yield Problem(
                service.manifest,
                port.path,
                f"port {port.number} takes WebSockets, and MeshConfig upgrades calls to HTTP/2, over which none can be opened",
                "set `h2UpgradePolicy: DO_NOT_UPGRADE` for it in a DestinationRule",
            )


_HTTP = ("connectionPool", "http")


def _by_rule(rule: DestinationRule, mesh: World) -> Iterator[Problem]:
    for found in settings_of(rule, mesh.index, *_HTTP):
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
