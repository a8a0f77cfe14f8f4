"""In PERMISSIVE mode a client without a sidecar hangs if the server sends first.

To distinguish mTLS from plain text, the server's proxy reads the client's first bytes, which a plain client of MySQL, SMTP, FTP
or SSH does not send. Clients with a sidecar speak mTLS and are fine.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import SERVICE
from sailwright.lint.rule import Problem
from sailwright.mesh.index import Index
from sailwright.mesh.objects.services import Port, Service, server_first
from sailwright.mesh.queries.peer_authentication import Mtls, MtlsMode
from sailwright.mesh.world import World

ID = "server-first-permissive"
KIND = SERVICE
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


def check(service: Service, mesh: World) -> Iterator[Problem]:
    """Server-first TCP ports with a declared PERMISSIVE mode, unless their pods surely have no sidecar.

    A mode that nobody declares is not guessed.
    """
    for port in service.ports:
        speaks = server_first(port)
        mode = _mode(mesh.index, service, port) if speaks and port.protocol.is_tcp else None
        if mode is not None and mode.mode == "PERMISSIVE":
            yield Problem(
                service.manifest,
                port.path,
                f"{speaks} clients without a sidecar hang on port {port.number}: the server speaks first, and mTLS is "
                "PERMISSIVE",
                "make the port STRICT (portLevelMtls of a PeerAuthentication that selects the pods), or DISABLE",
                related=((mode.manifest, mode.path, "PERMISSIVE is set here"),),
            )


def _mode(index: Index, service: Service, port: Port) -> MtlsMode | None:
    """The mode of the pods' port; of the namespace where the repository has no pods."""
    mtls, backends = index.derived(Mtls), index.backends(service)
    if not backends:
        return mtls.of_namespace(service.namespace)
    inside = next((workload for workload in backends if index.injected(workload) is not False), None)
    if inside is None:
        return None
    return mtls.declared(inside, inside.port_number(port.target if port.target is not None else port.number))
