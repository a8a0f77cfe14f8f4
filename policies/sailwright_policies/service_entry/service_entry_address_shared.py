"""Of two TCP ServiceEntries with one address and port only one gets the connections.

A sidecar distinguishes TCP connections by address and port only. The older entry gets all connections, also those meant for the
other. TLS is distinguished by its server name, HTTP by its host.
"""

from collections.abc import Hashable, Iterator
from itertools import product

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import SERVICE_ENTRY
from sailwright.lint.rule import Problem
from sailwright.mesh.objects.services import Port, Service
from sailwright.mesh.world import World

ID = "service-entry-address-shared"
SEVERITY: Severity = "warning"
ALIASES: tuple[str, ...] = ()

BAD = """
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: orders, namespace: shop}
spec:
  hosts: [orders.db.example.com]
  addresses: [10.1.1.1]
  resolution: STATIC
  ports: [{number: 5432, name: tcp, protocol: TCP}]
  endpoints: [{address: 10.9.0.1}]
---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: books, namespace: shop}
spec:
  hosts: [books.db.example.com]
  addresses:
    - 10.1.1.1  # finding
  resolution: STATIC
  ports: [{number: 5432, name: tcp, protocol: TCP}]
  endpoints: [{address: 10.9.0.2}]
"""

GOOD = BAD.replace("    - 10.1.1.1  # finding", "    - 10.1.1.2")


def _claims(entry: Service, _: World) -> Iterator[Hashable]:
    for address, port in product(entry.addresses, entry.ports):
        if _by_address(port):
            yield address, port.number


KIND = SERVICE_ENTRY.grouped_by(_claims)


def _by_address(port: Port) -> bool:
    """Whether a sidecar knows connections to a port by the address alone."""
    return port.protocol.is_tcp and not port.protocol.is_tls


def check(entries: tuple[Service, ...], _: World) -> Iterator[Problem]:
    """The entries of one address and port, each against the first whose clients may be its own."""
    for number, entry in enumerate(entries):
        for other in entries[:number]:
            shared = next(_shared(entry, other), None)
            if shared is None or not _meet(entry, other) or set(entry.hosts) & set(other.hosts):
                continue
            position, port = shared
            yield Problem(
                entry.manifest,
                ("spec", "addresses", position),
                f"ServiceEntry {other.name} has TCP on {entry.addresses[position]}:{port} too: one of the two gets all connections",
                "give each an address of its own",
                related=((other.manifest, ("spec", "addresses"), "claimed here too"),),
            )
            break


def _shared(entry: Service, other: Service) -> Iterator[tuple[int, int]]:
    theirs = {port.number for port in other.ports if _by_address(port)}
    for position, address in enumerate(entry.addresses):
        if address in other.addresses:
            yield from ((position, port.number) for port in entry.ports if _by_address(port) and port.number in theirs)


def _meet(one: Service, other: Service) -> bool:
    """Whether some namespace sees both; the same name twice is one object."""
    if (one.namespace, one.name) == (other.namespace, other.name):
        return False
    return one.exports.everywhere or other.exports.everywhere or bool(one.exports.namespaces & other.exports.namespaces)
