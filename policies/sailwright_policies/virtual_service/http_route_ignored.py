"""HTTP routes on a port that is not HTTP are never read: canary weights, timeouts and retries silently do nothing.

Istio reads the `http` block of a VirtualService only where it takes the port for HTTP or has to guess. On a TCP or TLS
port the service gets its default route instead: all traffic to all versions.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import VIRTUAL_SERVICE
from sailwright.lint.rule import Problem
from sailwright.mesh.objects.routing import VirtualService
from sailwright.mesh.queries.route_ports import ignored_rules
from sailwright.mesh.world import World

ID = "http-route-ignored"
KIND = VIRTUAL_SERVICE
SEVERITY: Severity = "error"
ALIASES: tuple[str, ...] = ()

BAD = """
apiVersion: v1
kind: Service
metadata: {name: orders, namespace: shop}
spec: {selector: {app: orders}, ports: [{name: tcp-api, port: 9000}]}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: orders, namespace: shop}
spec:
  hosts: [orders]
  http:  # finding
    - route:
        - {destination: {host: orders, subset: v1}, weight: 90}
        - {destination: {host: orders, subset: v2}, weight: 10}
"""

GOOD = """
apiVersion: v1
kind: Service
metadata: {name: orders, namespace: shop}
spec: {selector: {app: orders}, ports: [{name: http-api, port: 9000}]}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: orders, namespace: shop}
spec:
  hosts: [orders]
  http:
    - route:
        - {destination: {host: orders, subset: v1}, weight: 90}
        - {destination: {host: orders, subset: v2}, weight: 10}
"""


def check(virtual_service: VirtualService, mesh: World) -> Iterator[Problem]:
    """The `http` rules that neither a port of the hosts nor a server of the gateways reads."""
    for path, reason in ignored_rules(mesh.index, virtual_service, "http"):
        yield Problem(
            virtual_service.manifest,
            path,
            f"the http routes are ignored: {reason}",
            "declare the port as HTTP (name it `http` or `http-...`, or set appProtocol: http), or route with `tcp` or `tls`",
            key=True,
        )
