"""A TCP port whose name begins with udp does not exist for the mesh: no listener and no cluster is made for it.

The name (or appProtocol) decides over `protocol: TCP`. Clients with a sidecar can still dial the pods past the mesh, but no
route, policy or mTLS applies.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import SERVICE
from sailwright.lint.rule import Problem
from sailwright.mesh.objects.services import Service
from sailwright.mesh.world import World

ID = "tcp-port-named-udp"
KIND = SERVICE
SEVERITY: Severity = "error"
ALIASES: tuple[str, ...] = ()

BAD = """
apiVersion: v1
kind: Service
metadata: {name: voice, namespace: shop}
spec:
  selector: {app: voice}
  ports:
    - name: udp-signal  # finding
      port: 5060
      protocol: TCP
"""

GOOD = """
apiVersion: v1
kind: Service
metadata: {name: voice, namespace: shop}
spec:
  selector: {app: voice}
  ports:
    - name: tcp-signal
      port: 5060
      protocol: TCP
"""


def check(service: Service, _: World) -> Iterator[Problem]:
    """TCP ports that Istio takes for UDP."""
    for port in service.ports:
        if port.l4 == "TCP" and port.protocol.is_udp:
            yield Problem(
                service.manifest,
                (*port.path, "name"),
                f"port {port.number} is TCP, but Istio takes it for UDP and leaves it out of the mesh: {port.protocol.reason}",
                "begin the name with tcp- (or with the protocol it speaks)",
            )
