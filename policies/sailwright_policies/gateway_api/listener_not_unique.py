"""Two listeners of one Gateway with the same port, protocol and host cannot both be: Istio accepts neither of them.

A Kubernetes Gateway's listeners have to differ in one of the three.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Path, Severity
from sailwright.lint.kinds import KUBERNETES_GATEWAY
from sailwright.lint.rule import Problem
from sailwright.mesh.world import World
from sailwright.source.manifest import Manifest
from sailwright.source.untyped import entries, number, text

ID = "listener-not-unique"
KIND = KUBERNETES_GATEWAY
SEVERITY: Severity = "error"
ALIASES: tuple[str, ...] = ("KIA1503",)
REPLACES_AROUND = ("schema-rule",)

BAD = """
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: public, namespace: ingress}
spec:
  gatewayClassName: istio
  listeners:
    - {name: http, port: 80, protocol: HTTP, hostname: shop.example.com}
    - {name: web, port: 80, protocol: HTTP, hostname: shop.example.com}  # finding
"""

GOOD = """
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: public, namespace: ingress}
spec:
  gatewayClassName: istio
  listeners:
    - {name: http, port: 80, protocol: HTTP, hostname: shop.example.com}
    - {name: web, port: 80, protocol: HTTP, hostname: books.example.com}
"""


def check(gateway: Manifest, _: World) -> Iterator[Problem]:
    """The listeners of each Kubernetes Gateway."""
    first: dict[tuple[int, str, str], Path] = {}
    for path, listener in entries(gateway.spec.get("listeners"), ("spec", "listeners")):
        hostname = text(listener.get("hostname")).lower()
        key = number(listener.get("port")), text(listener.get("protocol")), hostname
        before = first.setdefault(key, path)
        if before is not path:
            yield Problem(
                gateway,
                path,
                f"another listener has port {key[0]}, protocol {key[1]} and host {hostname or '(any)'} too",
                "remove one of the two, or give them different hosts",
                related=((gateway, before, "the other listener"),),
            )
