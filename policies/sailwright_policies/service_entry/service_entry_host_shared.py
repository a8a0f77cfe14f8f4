"""Two ServiceEntries with the same host and port are merged in an undefined order.

Their endpoints are pooled or one of them is dropped, by creation time and resolution; a change to one changes the other's
traffic.
"""

from collections.abc import Iterator, Mapping
from itertools import product

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import SERVICE_ENTRY
from sailwright.lint.rule import Problem
from sailwright.mesh.index import Index
from sailwright.mesh.objects.services import Port, Service
from sailwright.mesh.world import World

ID = "service-entry-host-shared"
KIND = SERVICE_ENTRY
SEVERITY: Severity = "warning"
ALIASES: tuple[str, ...] = ("KIA1211",)

BAD = """
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: pay, namespace: shop}
spec: {hosts: [api.pay.example.com], resolution: DNS, ports: [{number: 443, name: tls, protocol: TLS}]}
---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: payments, namespace: books}
spec:
  hosts: [api.pay.example.com]
  resolution: DNS
  ports:
    - {number: 443, name: tls, protocol: TLS}  # finding
"""

GOOD = """
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: pay, namespace: shop}
spec: {hosts: [api.pay.example.com], exportTo: [.], resolution: DNS, ports: [{number: 443, name: tls, protocol: TLS}]}
---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: payments, namespace: books}
spec: {hosts: [api.pay.example.com], exportTo: [.], resolution: DNS, ports: [{number: 443, name: tls, protocol: TLS}]}
"""


def check(entry: Service, mesh: World) -> Iterator[Problem]:
    """Host and port of each ServiceEntry against those before it that the same clients see; of two entries all at once."""
    found: dict[Service, list[tuple[str, Port, Port]]] = {}
    for host, port in product(entry.hosts, entry.ports):
        earlier = _earlier(entry, host, port, mesh.index)
        if earlier is not None:
            found.setdefault(earlier[0], []).append((f"{host}:{port.number}", port, earlier[1]))
    for other, shared in found.items():
        first, port, claimed = shared[0]
        more = f" and {len(shared) - 1} more" if len(shared) > 1 else ""
        yield Problem(
            entry.manifest,
            port.path,
            f"ServiceEntry {other.name} of namespace {other.namespace} has {first}{more} too",
            "keep one of the two, or limit both with exportTo",
            related=((other.manifest, claimed.path, "claimed here too"),),
        )


def _earlier(entry: Service, host: str, port: Port, index: Index) -> tuple[Service, Port] | None:
    """The first ServiceEntry before this one that has the host and port for the same clients."""
    for other, claimed in index.derived(_claims)[host, port.number][:8]:
        if (other, claimed) == (entry, port):
            return None
        if _meet(other, entry):
            return other, claimed
    return None


def _claims(index: Index) -> Mapping[tuple[str, int], list[tuple[Service, Port]]]:
    """The ServiceEntries and ports of each host and number."""
    found: dict[tuple[str, int], list[tuple[Service, Port]]] = {}
    for entry in index.service_entries:
        for host, port in product(entry.hosts, entry.ports):
            found.setdefault((host, port.number), []).append((entry, port))
    return found


def _meet(one: Service, other: Service) -> bool:
    if (one.namespace, one.name) == (other.namespace, other.name):
        return False  # the same object twice is another matter
    if one.selector != other.selector or (one.selector and one.namespace == other.namespace):
        return False  # endpoints of workloads are meant to be pooled
    return one.exports.everywhere or other.exports.everywhere or bool(one.exports.namespaces & other.exports.namespaces)
