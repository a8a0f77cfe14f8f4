"""A match on a port that neither the hosts nor the gateways have is never true.

`match.port` is the port of the Service at a sidecar and of the server at a gateway, never the pod's targetPort.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import VIRTUAL_SERVICE
from sailwright.lint.rule import Problem
from sailwright.mesh.objects.routing import VirtualService
from sailwright.mesh.queries.route_ports import readings
from sailwright.mesh.world import World
from sailwright.source.untyped import number

ID = "route-match-port-unknown"
KIND = VIRTUAL_SERVICE
SEVERITY: Severity = "warning"
ALIASES: tuple[str, ...] = ()

BAD = """
apiVersion: v1
kind: Service
metadata: {name: reviews, namespace: shop}
spec: {selector: {app: reviews}, ports: [{name: http, port: 80, targetPort: 9080}]}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: reviews, namespace: shop}
spec:
  hosts: [reviews]
  http:
    - match:
        - port: 9080  # finding
      route: [{destination: {host: reviews, subset: v2}}]
    - route: [{destination: {host: reviews, subset: v1}}]
"""

GOOD = """
apiVersion: v1
kind: Service
metadata: {name: reviews, namespace: shop}
spec: {selector: {app: reviews}, ports: [{name: http, port: 80, targetPort: 9080}]}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: reviews, namespace: shop}
spec:
  hosts: [reviews]
  http:
    - match: [{port: 80}]
      route: [{destination: {host: reviews, subset: v2}}]
    - route: [{destination: {host: reviews, subset: v1}}]
"""


def check(virtual_service: VirtualService, mesh: World) -> Iterator[Problem]:
    """Match ports of VirtualServices all of whose hosts and gateways are in the repository."""
    wanted = [((*path, "port"), number(match.get("port"))) for path, match in virtual_service.matches()]
    if not any(port for _, port in wanted):
        return
    ports = {place.port for place in readings(mesh.index, virtual_service) or ()}
    for path, port in wanted if ports else ():
        if port and port not in ports:
            yield Problem(
                virtual_service.manifest,
                path,
                f"no host or gateway of this VirtualService has port {port}: the match is never true",
                f"use one of {', '.join(str(known) for known in sorted(ports))} (a Service's port, not its targetPort)",
            )
