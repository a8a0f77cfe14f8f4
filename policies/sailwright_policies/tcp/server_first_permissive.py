"""In PERMISSIVE mode a client without a sidecar hangs on a server that speaks first.

To tell mTLS from plain text the server's proxy reads the client's first bytes, which a plain client of MySQL, SMTP, FTP or SSH
does not send. Clients with a sidecar speak mTLS and are fine.
"""

from collections.abc import Iterator

from sailwright.finding import Severity
from sailwright.mesh.mtls import Mtls
from sailwright.mesh.services import server_first
from sailwright.mesh.world import World
from sailwright.rule import Problem

ID = "server-first-permissive"
SEVERITY: Severity = "warning"
ALIASES: tuple[str, ...] = ()

BAD = """
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: default, namespace: shop}
spec: {mtls: {mode: PERMISSIVE}}
---
apiVersion: v1
kind: Service
metadata: {name: mysql, namespace: shop}
spec:
  selector: {app: mysql}
  ports:
    - {name: mysql, port: 3306}  # finding
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: mysql, namespace: shop}
spec:
  template:
    metadata: {labels: {app: mysql, sidecar.istio.io/inject: "true"}}
"""

GOOD = """
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: default, namespace: shop}
spec: {mtls: {mode: STRICT}}
---
apiVersion: v1
kind: Service
metadata: {name: mysql, namespace: shop}
spec:
  selector: {app: mysql}
  ports:
    - {name: mysql, port: 3306}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: mysql, namespace: shop}
spec:
  template:
    metadata: {labels: {app: mysql, sidecar.istio.io/inject: "true"}}
"""


def check(world: World) -> Iterator[Problem]:
    """Server-first TCP ports whose pods have a sidecar and a declared PERMISSIVE mode; an undeclared mode is not guessed."""
    mtls = Mtls(world.index)
    for service in world.index.services:
        for port in service.ports:
            speaks = server_first(port)
            if not speaks or not port.protocol.is_tcp:
                continue
            for workload in world.index.backends(service):
                number = workload.port_number(port.target if port.target is not None else port.number)
                mode = mtls.declared(workload, number) if world.index.injected(workload) else None
                if mode is not None and mode.mode == "PERMISSIVE":
                    yield Problem(
                        service.manifest,
                        port.path,
                        f"{speaks} clients without a sidecar hang on port {port.number}: the server speaks first, and mTLS "
                        "is PERMISSIVE",
                        "make the port STRICT (portLevelMtls of a PeerAuthentication that selects the pods), or DISABLE",
                        related=((mode.manifest, mode.path, "PERMISSIVE is set here"),),
                    )
                    break
