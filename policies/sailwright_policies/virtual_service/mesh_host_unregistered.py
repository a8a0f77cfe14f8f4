"""A host that is no service of the mesh has no TCP or TLS listener, so its TCP and TLS routes do nothing.

Sidecars make listeners for registered services. For a host that is not in the registry Istio adds an HTTP route on port
80 and nothing else; other ports need a ServiceEntry.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import VIRTUAL_SERVICE
from sailwright.lint.rule import Example, Problem
from sailwright.mesh.facts import Facts, Known
from sailwright.mesh.objects.routing import VirtualService
from sailwright.mesh.queries.absence import no_host
from sailwright.mesh.queries.route_ports import matched_ports
from sailwright.mesh.world import World
from sailwright.source.untyped import items

ID = "mesh-host-unregistered"
KIND = VIRTUAL_SERVICE
SEVERITY: Severity = "warning"
ALIASES: tuple[str, ...] = ()

BAD = Example(
    """
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: legacy, namespace: shop}
spec:
  hosts:
    - db.legacy.example.com  # finding
  tcp: [{route: [{destination: {host: orders}}]}]
""",
    Facts(known=Known(hosts=("orders.shop.svc.cluster.local",))),
)
GOOD = Example(
    """
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: legacy, namespace: shop}
spec:
  hosts: [db.legacy.example.com]
  addresses: [10.9.9.9]
  ports: [{number: 5432, name: tcp, protocol: TCP}]
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: legacy, namespace: shop}
spec:
  hosts: [db.legacy.example.com]
  tcp: [{route: [{destination: {host: orders}}]}]
""",
    Facts(known=Known(hosts=("orders.shop.svc.cluster.local",))),
)


def check(virtual_service: VirtualService, mesh: World) -> Iterator[Problem]:
    """Hosts of mesh VirtualServices that are surely unknown, where a route needs more than HTTP on port 80."""
    if not virtual_service.in_mesh or not _beyond_port_80(virtual_service):
        return
    for position, host in enumerate(virtual_service.hosts):
        if not host.startswith("*") and mesh.index.registry.decide(host) == "unknown":
            yield Problem(
                virtual_service.manifest,
                ("spec", "hosts", position),
                f"{host} is no service of the mesh: only HTTP on port 80 is routed for it",
                "add a ServiceEntry with the host and its ports",
                absent=no_host(host),
            )


def _beyond_port_80(virtual_service: VirtualService) -> bool:
    if any(items(virtual_service.manifest.spec.get(block)) for block in ("tcp", "tls")):
        return True
    ports = [matched_ports(rule) for _, rule in virtual_service.rules("http")]
    return bool(ports) and all(found is not None and 80 not in found for found in ports)
