"""UDP goes past the proxy: routes and policies for a UDP port have no effect, and a route that leads to one fails.

Sidecars redirect TCP only. Istio makes neither listener nor cluster for a UDP port, so an HTTP route to it answers 503 and a
TCP route resets the connection.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Path, Severity
from sailwright.lint.kinds import DESTINATION_RULE, VIRTUAL_SERVICE
from sailwright.lint.rule import Problem
from sailwright.mesh.index import Index
from sailwright.mesh.objects.routing import DestinationRule, VirtualService
from sailwright.mesh.objects.services import Port
from sailwright.mesh.world import World

ID = "udp-not-proxied"
KIND = DESTINATION_RULE | VIRTUAL_SERVICE
SEVERITY: Severity = "error"
ALIASES: tuple[str, ...] = ()

BAD = """
apiVersion: v1
kind: Service
metadata: {name: dns, namespace: shop}
spec: {selector: {app: dns}, ports: [{name: dns, port: 53, protocol: UDP}]}
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: dns, namespace: shop}
spec:
  host: dns  # finding
  trafficPolicy: {loadBalancer: {simple: RANDOM}}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: front, namespace: shop}
spec:
  hosts: [front]
  tcp:
    - route:
        - destination:
            host: dns
            port: {number: 53}  # finding
"""

GOOD = """
apiVersion: v1
kind: Service
metadata: {name: dns, namespace: shop}
spec:
  selector: {app: dns}
  ports: [{name: dns, port: 53, protocol: UDP}, {name: tcp-dns, port: 53, protocol: TCP}]
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: front, namespace: shop}
spec:
  hosts: [front]
  tcp: [{route: [{destination: {host: dns, port: {number: 53}}}]}]
"""


def check(subject: DestinationRule | VirtualService, mesh: World) -> Iterator[Problem]:
    """DestinationRules and VirtualServices of hosts with UDP ports alone, and destinations that are a UDP port."""
    if isinstance(subject, DestinationRule):
        hosts: list[tuple[Path, str]] = [(("spec", "host"), subject.host)]
        nothing = "nothing here has"
    else:
        hosts = [(("spec", "hosts", position), host) for position, host in enumerate(subject.hosts)]
        nothing = "no route here has"
        failing = list(_destinations(mesh.index, subject))
        yield from failing
        hosts = [] if failing else hosts
    for path, host in hosts:
        if _all_udp(_ports(mesh.index, host)):
            message = f"{host} has UDP ports only, which the proxy does not touch: {nothing} an effect"
            remedy = "remove it: a Service of its own for the TCP port, if there is one, can be routed"
            yield Problem(subject.manifest, path, message, remedy, severity="warning")


def _destinations(index: Index, virtual_service: VirtualService) -> Iterator[Problem]:
    for destination in virtual_service.destinations:
        ports = _ports(index, destination.full_host)
        meant = [port for port in ports if destination.port in (None, port.number)]
        if _all_udp(meant):
            port = meant[0]
            yield Problem(
                virtual_service.manifest,
                (*destination.path, "port", "number") if destination.port else destination.host_path,
                f"this route always fails: port {port.number} of {destination.full_host} is UDP, {port.protocol.reason}",
                "route to a TCP port; UDP cannot be routed by Istio",
            )


def _ports(index: Index, host: str) -> list[Port]:
    return [port for service in index.registry.hosts.get(host, ()) for port in service.ports]


def _all_udp(ports: list[Port]) -> bool:
    return bool(ports) and all(port.protocol.is_udp for port in ports)
