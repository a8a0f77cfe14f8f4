"""HTTP pool settings of a Sidecar's ingress listener do nothing on a port that is not HTTP.

The listener's `connectionPool.http` is applied by the HTTP connection manager, and only HTTP protocols have one.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import SIDECAR
from sailwright.lint.rule import Problem
from sailwright.mesh.objects.sidecars import Sidecar
from sailwright.mesh.values.protocol import declared_protocol
from sailwright.mesh.world import World
from sailwright.source.untyped import entries, get, text

ID = "sidecar-ingress-http-pool"
KIND = SIDECAR
SEVERITY: Severity = "warning"
ALIASES: tuple[str, ...] = ()
REPLACES = ("sidecar-doubtful",)

BAD = """
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: {name: orders, namespace: shop}
spec:
  workloadSelector: {labels: {app: orders}}
  ingress:
    - port: {number: 9000, protocol: TCP, name: tcp}
      defaultEndpoint: 127.0.0.1:9000
      connectionPool:
        http: {http1MaxPendingRequests: 10}  # finding
"""

GOOD = """
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: {name: orders, namespace: shop}
spec:
  workloadSelector: {labels: {app: orders}}
  ingress:
    - port: {number: 9000, protocol: HTTP, name: http}
      defaultEndpoint: 127.0.0.1:9000
      connectionPool:
        http: {http1MaxPendingRequests: 10}
"""


def check(sidecar: Sidecar, _: World) -> Iterator[Problem]:
    """Ingress listeners with a declared protocol that is not HTTP."""
    for path, listener in entries(sidecar.manifest.spec.get("ingress"), ("spec", "ingress")):
        protocol = declared_protocol(text(get(listener, "port", "protocol")))
        if isinstance(get(listener, "connectionPool", "http"), dict) and not (protocol.is_http or protocol.is_auto):
            yield Problem(
                sidecar.manifest,
                (*path, "connectionPool", "http"),
                f"connectionPool.http has no effect: the listener is {protocol.name}",
                "use connectionPool.tcp, or declare the listener's port as HTTP",
                key=True,
            )
