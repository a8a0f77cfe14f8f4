"""A ServiceEntry for the host of a Kubernetes Service is not used: of one host the Service wins.

Callers that see the Service ignore the entry's ports, resolution and DNS endpoints. (Static endpoints of an entry in the Service's own
namespace are pooled with the pods, and left out here.)
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import SERVICE_ENTRY
from sailwright.lint.rule import Problem
from sailwright.mesh.objects.services import Service
from sailwright.mesh.world import World

ID = "service-entry-over-service"
KIND = SERVICE_ENTRY
SEVERITY: Severity = "warning"
ALIASES: tuple[str, ...] = ()

BAD = """
apiVersion: v1
kind: Service
metadata: {name: cart, namespace: shop}
spec: {selector: {app: cart}, ports: [{name: http, port: 80}]}
---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: cart-elsewhere, namespace: shop}
spec:
  hosts: [cart.shop.svc.cluster.local]  # finding
  resolution: DNS
  ports: [{number: 80, name: http, protocol: HTTP}]
  endpoints: [{address: cart.example.com}]
"""

GOOD = """
apiVersion: v1
kind: Service
metadata: {name: cart, namespace: shop}
spec: {selector: {app: cart}, ports: [{name: http, port: 80}]}
---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: cart-machines, namespace: shop}
spec:
  hosts: [cart.shop.svc.cluster.local]
  resolution: STATIC
  ports: [{number: 80, name: http, protocol: HTTP}]
  endpoints: [{address: 10.0.0.7}]
"""


def check(entry: Service, mesh: World) -> Iterator[Problem]:
    """Look for a Kubernetes Service behind each host that the clients of the ServiceEntry see too."""
    for position, host in enumerate(entry.hosts):
        for other in mesh.index.registry.hosts.get(host, ()):
            pooled = other.namespace == entry.namespace and entry.resolution == "STATIC"
            if other.is_entry or pooled or not _meet(entry, other):
                continue
            yield Problem(
                entry.manifest,
                ("spec", "hosts", position),
                f"Service {other.name} of namespace {other.namespace} has the host {host}: this ServiceEntry is not used",
                "give the entry a host of its own and route to it, or remove the Service",
                related=((other.manifest, ("metadata", "name"), "the Service"),),
            )


def _meet(one: Service, other: Service) -> bool:
    """Whether some namespace sees both."""
    return one.exports.everywhere or other.exports.everywhere or bool(one.exports.namespaces & other.exports.namespaces)
