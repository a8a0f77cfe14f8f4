"""A TCP ServiceEntry without addresses takes all traffic to its port number, whoever it is for.

Without an address, the proxies listen on 0.0.0.0 of that port and send everything on it to this ServiceEntry. Name `addresses`,
or let Istio allocate them, which needs DNS capture in the clients.
"""

from __future__ import annotations

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import SERVICE_ENTRY
from sailwright.lint.rule import Problem
from sailwright.mesh.index import Index
from sailwright.mesh.objects.services import Port, Service
from sailwright.mesh.world import World
from sailwright.source.untyped import entries, get, mapping, text

ID = "service-entry-addresses"
KIND = SERVICE_ENTRY
SEVERITY: Severity = "warning"
ALIASES = ("IST0134",)
REPLACES = ("service-entry-doubtful",)
BAD = """
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: database, namespace: shop}
spec:
  hosts: [db.example.com]
  ports:
    - {number: 5432, name: tcp, protocol: TCP}  # finding
  resolution: DNS
"""
GOOD = """
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: database, namespace: shop}
spec:
  hosts: [db.example.com]
  addresses: [240.240.1.1]
  ports: [{number: 5432, name: tcp, protocol: TCP}]
  resolution: DNS
"""


def check(entry: Service, mesh: World) -> Iterator[Problem]:
    """Look for TCP ports of ServiceEntries without any address."""
    if entry.addresses or _status_addresses(entry) or _is_allocated(mesh.index, entry):
        return
    for port in entry.ports:
        if _catches_all(mesh.index, entry, port):
            message = (
                f"port {port.number} is TCP and the ServiceEntry has no addresses: it takes all traffic to that port"
            )
            yield Problem(entry.manifest, port.path, message, "give it addresses")


def _is_allocated(index: Index, entry: Service) -> bool:
    """Istio allocates no address where the client's own is used (resolution NONE) or the host is a wildcard."""
    metadata = index.mesh.proxy_metadata
    if metadata.get("ISTIO_META_DNS_CAPTURE") != "true":
        return False
    if index.facts.compat:
        return "true" in (metadata.get("ISTIO_META_DNS_AUTO_ALLOCATE"), metadata.get("PILOT_ENABLE_IP_AUTOALLOCATE"))
    return entry.resolution != "NONE" and not any(host.startswith("*") for host in entry.hosts)


def _status_addresses(entry: Service) -> bool:
    return any(text(found.get("value")) for _, found in entries(get(entry.manifest.value, "status", "addresses"), ()))


def _catches_all(index: Index, entry: Service, port: Port) -> bool:
    if index.facts.compat:
        declared = mapping(entry.spec["ports"][port.path[-1]]).get("protocol")
        return text(declared).upper() in ("", "TCP")
    return port.protocol.is_auto or (port.protocol.is_tcp and not port.protocol.is_tls)
