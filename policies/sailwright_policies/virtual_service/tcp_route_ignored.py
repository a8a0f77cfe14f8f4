"""TCP routes on a port that is HTTP or TLS are never read.

Istio reads the `tcp` block of a VirtualService only for TCP ports and for ports whose protocol it has to guess. For HTTP
ports it reads `http`, for TLS and HTTPS ports `tls`.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import VIRTUAL_SERVICE
from sailwright.lint.rule import Problem
from sailwright.mesh.objects.routing import VirtualService
from sailwright.mesh.queries.route_ports import ignored_rules
from sailwright.mesh.world import World

ID = "tcp-route-ignored"
KIND = VIRTUAL_SERVICE
SEVERITY: Severity = "error"
ALIASES: tuple[str, ...] = ()

BAD = """
apiVersion: v1
kind: Service
metadata: {name: orders, namespace: shop}
spec: {selector: {app: orders}, ports: [{name: https, port: 443}]}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: orders, namespace: shop}
spec:
  hosts: [orders]
  tcp:  # finding
    - route: [{destination: {host: orders, subset: v1}}]
"""

GOOD = """
apiVersion: v1
kind: Service
metadata: {name: orders, namespace: shop}
spec: {selector: {app: orders}, ports: [{name: tcp, port: 9000}]}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: orders, namespace: shop}
spec:
  hosts: [orders]
  tcp:
    - route: [{destination: {host: orders, subset: v1}}]
"""


def check(virtual_service: VirtualService, mesh: World) -> Iterator[Problem]:
    """The `tcp` rules that neither a port of the hosts nor a server of the gateways reads."""
    for path, reason in ignored_rules(mesh.index, virtual_service, "tcp"):
        yield Problem(
            virtual_service.manifest,
            path,
            f"the tcp routes are ignored: {reason}",
            "route with the block of that protocol (`http`, or `tls` with sniHosts), or declare the port as TCP",
            key=True,
        )
