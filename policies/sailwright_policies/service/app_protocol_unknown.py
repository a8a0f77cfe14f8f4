"""An appProtocol that Istio does not know hides a port name that it would know: the protocol is then guessed.

appProtocol goes before the name. Istio knows its own protocols (`http`, `http2`, `https`, `grpc`, `grpc-web`, `tcp`, `tls`,
`mongo`, `mysql`, `redis`) and Kubernetes' `kubernetes.io/h2c`, `kubernetes.io/ws`, `kubernetes.io/wss`.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import SERVICE
from sailwright.lint.rule import Problem
from sailwright.mesh.objects.services import Service
from sailwright.mesh.values.protocol import recognised
from sailwright.mesh.world import World
from sailwright.source.untyped import entries

ID = "app-protocol-unknown"
KIND = SERVICE
SEVERITY: Severity = "warning"
ALIASES: tuple[str, ...] = ("KIA0602",)

BAD = """
apiVersion: v1
kind: Service
metadata: {name: chat, namespace: shop}
spec:
  selector: {app: chat}
  ports:
    - name: http
      port: 80
      appProtocol: websocket  # finding
"""

GOOD = """
apiVersion: v1
kind: Service
metadata: {name: chat, namespace: shop}
spec:
  selector: {app: chat}
  ports:
    - name: http
      port: 80
      appProtocol: kubernetes.io/ws
"""


KUBERNETES = ("kubernetes.io/h2c", "kubernetes.io/ws", "kubernetes.io/wss")


def check(service: Service, mesh: World) -> Iterator[Problem]:
    """appProtocol of TCP ports of Services whose pods may have a sidecar."""
    if not mesh.index.may_be_in_mesh(service):
        return
    for path, port in entries(service.spec.get("ports"), ("spec", "ports")):
        written = port.get("appProtocol")
        known = isinstance(written, str) and (recognised(written) or written in KUBERNETES)
        if written is not None and not known and port.get("protocol") != "UDP":
            yield Problem(
                service.manifest,
                (*path, "appProtocol"),
                f"Istio does not know appProtocol `{written}`, and does not look at the port's name beside it",
                "use one that Istio knows, as http, grpc or tcp, or remove it",
            )
