"""A subset is removed while the base commit still sends traffic to it: requests fail with 503 until every sidecar has the new routes.

DestinationRule and VirtualService reach a sidecar one after the other, and Argo CD and Flux apply the DestinationRule first. For that
time the old route names a cluster that is gone (Envoy answers 503, flag NC). Two changes are safe: first move the weight away and
keep the subset (`retire: true`), then delete the version.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sailwright.diagnostics.finding import Path, Severity
from sailwright.lint.kinds import FORMER_VIRTUAL_SERVICE
from sailwright.lint.rule import Example, Problem
from sailwright.mesh.index import Index
from sailwright.mesh.objects.routing import Destination, VirtualService
from sailwright.mesh.world import World
from sailwright.source.manifest import Manifest

ID = "subset-removed-while-routed"
KIND = FORMER_VIRTUAL_SERVICE
COMPARES = True
SEVERITY: Severity = "error"
ALIASES = ()
_ROUTE = """
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: reviews, namespace: shop}
spec:
  hosts: [reviews]
  http:
    - route:
        - {destination: {host: reviews, subset: v1}, weight: %d}
        - {destination: {host: reviews, subset: v2}, weight: %d}
"""
_SUBSETS = """
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: reviews, namespace: shop}
spec:
  host: reviews
  subsets:  # finding
    - {name: v2, labels: {version: v2}}
"""
_BOTH = _SUBSETS.replace("  # finding", "") + "    - {name: v1, labels: {version: v1}}\n"
_ONE_WAY = """
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: reviews, namespace: shop}
spec: {hosts: [reviews], http: [{route: [{destination: {host: reviews, subset: v2}}]}]}
"""
BAD = Example(_ONE_WAY + _SUBSETS, base=_ROUTE % (80, 20) + _BOTH)
_ONE_VERSION = """
apiVersion: v1
kind: Service
metadata: {name: reviews, namespace: shop}
spec: {selector: {app: reviews}, ports: [{name: http, port: 80}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: reviews-v1, namespace: shop}
spec: {template: {metadata: {labels: {app: reviews, version: v1}}}}
"""
GOOD = (
    Example(_ONE_VERSION, base=_ROUTE % (100, 0) + _BOTH),
    Example(_ONE_WAY + _BOTH, base=_ROUTE % (80, 20) + _BOTH),
    Example(_ONE_WAY + _SUBSETS.replace("  # finding", ""), base=_ONE_WAY + _BOTH),
)


def check(former: VirtualService, mesh: World) -> Iterator[Problem]:
    """Look for every subset that the base routes to among those that are left; the first of its routes there answers for it."""
    if mesh.base is None:
        return
    senders = mesh.base.index.derived(first_routes)
    for destination in former.destinations:
        host, subset = destination.full_host, destination.subset
        if senders.get((host, subset)) is not destination or not is_gone(mesh.index, mesh.base.index, host, subset):
            continue
        if place := what_is_left(mesh.index, host):
            share = "" if destination.weight is None else f" {destination.weight} %"
            message = f"subset {subset} of {host} is removed, and the base still sends{share} of a route to it"
            remedy = f"keep {subset} with weight 0 and `retire: true` in this change; delete it in the next"
            yield Problem(*place, message, remedy, key=True)


def first_routes(base: Index) -> Mapping[tuple[str, str], Destination]:
    """The host and subset of every destination that gets traffic, with the first of those that name them."""
    found: dict[tuple[str, str], Destination] = {}
    for virtual_service in base.virtual_services:
        for destination in virtual_service.destinations:
            if destination.subset and destination.weight != 0:
                found.setdefault((destination.full_host, destination.subset), destination)
    return found


def is_gone(index: Index, base: Index, host: str, subset: str) -> bool:
    """Whether the subset is no longer defined; where the host has no subsets at all any more, whether its pods are gone too."""
    former = base.subsets(host).get(subset)
    if former is None or subset in index.subsets(host):
        return False
    service = index.registry.service(host)
    if service is None or index.rules_for(host):
        return True
    return not index.selected({**service.selector, **former[0][1].labels}, service.namespace)


def what_is_left(index: Index, host: str) -> tuple[Manifest, Path] | None:
    """What is left of the host, to show the finding at; None where the whole service goes."""
    for rule in index.rules_for(host):
        return rule.manifest, ("spec", "subsets")
    virtual_service = index.derived(_by_host).get(host)
    found = virtual_service or index.registry.service(host)
    return (found.manifest, ("spec",)) if found else None


def _by_host(index: Index) -> Mapping[str, VirtualService]:
    """The first VirtualService of each host."""
    return {host: found for found in reversed(index.virtual_services) for host in found.hosts}
