"""Listeners on one port have protocols that exclude each other: only those of one protocol are served.

HTTP listeners can share a port, and HTTPS and TLS listeners too, by the server name that clients send. TCP listeners cannot.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Path, Severity
from sailwright.lint.kinds import KUBERNETES_GATEWAY
from sailwright.lint.rule import Problem
from sailwright.mesh.world import World
from sailwright.source.manifest import Manifest
from sailwright.source.untyped import entries, number, text

ID = "listener-protocol-conflict"
KIND = KUBERNETES_GATEWAY
SEVERITY: Severity = "error"
ALIASES: tuple[str, ...] = ()

BAD = """
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: public, namespace: ingress}
spec:
  gatewayClassName: istio
  listeners:
    - {name: http, port: 443, protocol: HTTP, hostname: shop.example.com}
    - name: https
      port: 443
      protocol: HTTPS  # finding
      hostname: books.example.com
      tls: {certificateRefs: [{name: books-tls}]}
"""

GOOD = """
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: public, namespace: ingress}
spec:
  gatewayClassName: istio
  listeners:
    - {name: http, port: 80, protocol: HTTP, hostname: shop.example.com}
    - name: https
      port: 443
      protocol: HTTPS
      hostname: books.example.com
      tls: {certificateRefs: [{name: books-tls}]}
    - {name: tls, port: 443, protocol: TLS, hostname: db.example.com, tls: {mode: Passthrough}}
"""

_SHARES = {"HTTP": "HTTP", "HTTPS": "TLS", "TLS": "TLS", "TCP": "TCP"}
"""What the port carries. UDP has ports of its own, and of other protocols nothing is known."""


def check(gateway: Manifest, _: World) -> Iterator[Problem]:
    """The listeners of each Kubernetes Gateway; two that are equal are `listener-not-unique`."""
    first: dict[int, tuple[str, str, Path]] = {}
    for path, listener in entries(gateway.spec.get("listeners"), ("spec", "listeners")):
        protocol, name, port = text(listener.get("protocol")), text(listener.get("name")), number(listener.get("port"))
        carried = _SHARES.get(protocol)
        if carried is None:
            continue
        known, other, before = first.setdefault(port, (carried, name, path))
        if known != carried:
            yield Problem(
                gateway,
                (*path, "protocol"),
                f"listener `{other}` has port {port} with a protocol that excludes {protocol}: one of the two is never served",
                "give one of them another port",
                related=((gateway, before, "the other listener"),),
            )
