"""Of two VirtualServices for one host in the mesh only one works, and which one depends on their age.

Sidecars do not merge the http rules of VirtualServices: the oldest owns the host, the other is dropped without a word.
After a restore or in another cluster it may be the other one. Gateways do merge.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import VIRTUAL_SERVICE
from sailwright.lint.rule import Problem
from sailwright.mesh.index import Index
from sailwright.mesh.objects.routing import VirtualService
from sailwright.mesh.world import World
from sailwright_policies import istioctl_analyzers

ID = "mesh-host-conflict"
KIND = VIRTUAL_SERVICE
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
COMPAT = istioctl_analyzers.MESH_HOST


def check(virtual_service: VirtualService, mesh: World) -> Iterator[Problem]:
    """Compare the hosts of the VirtualServices that sidecars use."""
    own = virtual_service.namespace, virtual_service.manifest.name
    for position, host in enumerate(virtual_service.hosts):
        claims = mesh.index.derived(_claims).get(host, {})
        if claims.get(own) != (virtual_service, position):
            continue
        others = [
            (other.manifest, ("spec", "hosts", there), "claimed here too")
            for other, there in claims.values()
            if other is not virtual_service and _meet(virtual_service, other)
        ]
        if others:
            names = ", ".join(f"{mesh.index.namespace_of(other)}/{other.name}" for other, _, _ in others[:_FEW])
            names += f" (and {len(others) - _FEW} more)" if len(others) > _FEW else ""
            message = f"the host `{host}` has two VirtualServices in the mesh: {names} claims it too"
            remedy = "merge their rules into one VirtualService"
            yield Problem(virtual_service.manifest, ("spec", "hosts", position), message, remedy, tuple(others[:_FEW]))


_FEW = 10
"""Other claims that a finding names: of more it says how many."""


def _claims(index: Index) -> Mapping[str, Mapping[tuple[str, str], tuple[VirtualService, int]]]:
    """The VirtualServices with http rules for sidecars, by host, then by namespace and name, with the host's position."""
    found: dict[str, dict[tuple[str, str], tuple[VirtualService, int]]] = {}
    for each in index.virtual_services:
        if each.in_mesh and next(each.rules("http"), None):
            for position, host in enumerate(each.hosts):
                found.setdefault(host, {})[each.namespace, each.manifest.name] = (each, position)
    return found


def _meet(one: VirtualService, other: VirtualService) -> bool:
    """Whether some namespace sees both."""
    mine, theirs = one.exports, other.exports
    return mine.everywhere or theirs.everywhere or bool(mine.namespaces & theirs.namespaces)
