"""Two ServiceEntries that claim one host and port are merged in an order that nobody controls.

Their endpoints are pooled or one of them is dropped, by creation time and resolution; a change to one changes the other's
traffic.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.rule import Problem
from sailwright.mesh.objects.services import Port, Service
from sailwright.mesh.world import World

ID = "service-entry-host-shared"
SEVERITY: Severity = "warning"
ALIASES: tuple[str, ...] = ("KIA1211",)

BAD = """
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: pay, namespace: shop}
spec: {hosts: [api.pay.example], resolution: DNS, ports: [{number: 443, name: tls, protocol: TLS}]}
---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: payments, namespace: books}
spec:
  hosts: [api.pay.example]
  resolution: DNS
  ports:
    - {number: 443, name: tls, protocol: TLS}  # finding
"""

GOOD = """
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: pay, namespace: shop}
spec: {hosts: [api.pay.example], exportTo: [.], resolution: DNS, ports: [{number: 443, name: tls, protocol: TLS}]}
---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: payments, namespace: books}
spec: {hosts: [api.pay.example], exportTo: [.], resolution: DNS, ports: [{number: 443, name: tls, protocol: TLS}]}
"""


def check(world: World) -> Iterator[Problem]:
    """Host and port of each ServiceEntry against those before it that the same clients see."""
    first: dict[tuple[str, int], list[tuple[Service, Port]]] = {}
    for entry in world.index.service_entries:
        for host in entry.hosts:
            for port in entry.ports:
                others = first.setdefault((host, port.number), [])
                shared = next((found for found in others[:8] if _meet(found[0], entry)), None)
                if shared is not None:
                    yield Problem(
                        entry.manifest,
                        port.path,
                        f"ServiceEntry {shared[0].name} of namespace {shared[0].namespace} has {host}:{port.number} too",
                        "keep one of the two, or limit both with exportTo",
                        related=((shared[0].manifest, shared[1].path, "claimed here too"),),
                    )
                others.append((entry, port))


def _meet(one: Service, other: Service) -> bool:
    if (one.namespace, one.name) == (other.namespace, other.name):
        return False  # the same object twice is another matter
    if one.selector != other.selector or (one.selector and one.namespace == other.namespace):
        return False  # endpoints of workloads are meant to be pooled
    return one.exports.everywhere or other.exports.everywhere or bool(one.exports.namespaces & other.exports.namespaces)
