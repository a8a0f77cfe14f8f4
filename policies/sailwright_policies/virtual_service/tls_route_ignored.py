"""TLS routes on a port that is not declared TLS or HTTPS are never read.

A `tls` route matches on the server name of a connection that the proxy does not decrypt. Istio looks for it only on
ports declared TLS or HTTPS: not on TCP ports, and not on ports whose protocol it has to guess.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import VIRTUAL_SERVICE
from sailwright.lint.rule import Problem
from sailwright.mesh.objects.routing import VirtualService
from sailwright.mesh.queries.route_ports import ignored_rules
from sailwright.mesh.world import World

ID = "tls-route-ignored"
KIND = VIRTUAL_SERVICE
SEVERITY: Severity = "error"
ALIASES: tuple[str, ...] = ()

BAD = """
apiVersion: v1
kind: Service
metadata: {name: orders, namespace: shop}
spec: {selector: {app: orders}, ports: [{name: secure, port: 8443}]}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: orders, namespace: shop}
spec:
  hosts: [orders]
  tls:  # finding
    - match: [{sniHosts: [orders]}]
      route: [{destination: {host: orders, subset: v1}}]
"""

GOOD = """
apiVersion: v1
kind: Service
metadata: {name: orders, namespace: shop}
spec: {selector: {app: orders}, ports: [{name: tls-api, port: 8443}]}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: orders, namespace: shop}
spec:
  hosts: [orders]
  tls:
    - match: [{sniHosts: [orders]}]
      route: [{destination: {host: orders, subset: v1}}]
"""


def check(virtual_service: VirtualService, mesh: World) -> Iterator[Problem]:
    """The `tls` rules that neither a port of the hosts nor a server of the gateways reads."""
    for path, reason in ignored_rules(mesh.index, virtual_service, "tls"):
        yield Problem(
            virtual_service.manifest,
            path,
            f"the tls routes are ignored: {reason}",
            "declare the port as TLS (name it `tls-...` or `https`), or route with the block of its protocol",
            key=True,
        )
