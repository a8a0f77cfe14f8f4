"""Of two VirtualServices for one host in the mesh only one works, and which one depends on their age.

Sidecars do not merge the http rules of VirtualServices: the oldest owns the host, the other is dropped without a word.
After a restore or in another cluster it may be the other one. Gateways do merge.
"""

from __future__ import annotations

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.rule import Problem
from sailwright.mesh.index import Index
from sailwright.mesh.objects.routing import VirtualService
from sailwright.mesh.queries.istioctl_compat import full_name, scopes
from sailwright.mesh.values.hosts import overlap
from sailwright.mesh.world import World
from sailwright.source.untyped import texts

ID = "mesh-host-conflict"
SEVERITY: Severity = "error"
ALIASES = ("IST0109", "KIA1106")
BAD = """
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: reviews, namespace: shop}
spec:
  hosts: [reviews]  # finding
  http:
    - route: [{destination: {host: reviews, subset: v1}}]
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: reviews-canary, namespace: shop}
spec:
  hosts: [reviews.shop.svc.cluster.local]  # finding
  http:
    - route: [{destination: {host: reviews, subset: v2}}]
"""
GOOD = """
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: reviews, namespace: shop}
spec:
  hosts: [reviews]
  http:
    - route: [{destination: {host: reviews}}]
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: reviews-outside, namespace: shop}
spec:
  hosts: [reviews]
  gateways: [ingress/public]
  http:
    - route: [{destination: {host: reviews}}]
"""


def check(world: World) -> Iterator[Problem]:
    """Compare the hosts of the VirtualServices that sidecars use."""
    return _analysed(world.index) if world.facts.compat else _judged(world.index)


def _judged(index: Index) -> Iterator[Problem]:
    by_host: dict[str, dict[tuple[str, str], tuple[VirtualService, int]]] = {}
    for service in index.virtual_services:
        if service.in_mesh and next(service.rules("http"), None):
            for position, host in enumerate(service.hosts):
                by_host.setdefault(host, {})[service.namespace, service.manifest.name] = (service, position)
    for host, claims in by_host.items():
        for service, position in claims.values():
            others = [
                (other.manifest, ("spec", "hosts", there), "claimed here too")
                for other, there in claims.values()
                if other is not service and _meet(service, other)
            ]
            if others:
                names = ", ".join(f"{index.namespace_of(other)}/{other.name}" for other, _, _ in others)
                message = f"the host `{host}` has two VirtualServices in the mesh: {names} claims it too"
                remedy = "merge their rules into one VirtualService"
                yield Problem(service.manifest, ("spec", "hosts", position), message, remedy, tuple(others))


def _meet(one: VirtualService, other: VirtualService) -> bool:
    """Whether some namespace sees both."""
    mine, theirs = one.exports, other.exports
    return mine.everywhere or theirs.everywhere or bool(mine.namespaces & theirs.namespaces)


def _analysed(index: Index) -> Iterator[Problem]:
    claims: dict[tuple[str, str], list[VirtualService]] = {}
    for service in index.virtual_services:
        if service.in_mesh:
            for scope in scopes(service.manifest.spec.get("exportTo"), service.namespace):
                for host in texts(service.manifest.spec.get("hosts")):
                    claims.setdefault((scope, full_name(host, service.namespace)), []).append(service)
    everywhere = {host: found for (scope, host), found in claims.items() if scope == "*"}
    reported: set[VirtualService] = set()
    for (scope, host), found in claims.items():
        if scope != "*":
            found = found + [other for known, others in everywhere.items() if overlap(host, known) for other in others]
        if len(found) > 1:
            names = ",".join(sorted(f"{each.namespace}/{each.manifest.name}" for each in found))
            for service in found:
                if service not in reported:
                    reported.add(service)
                    message = f"the VirtualServices {names} define the same host `{scope}/{host}` for the mesh"
                    yield Problem(service.manifest, ("metadata", "name"), message, "merge them into one")
