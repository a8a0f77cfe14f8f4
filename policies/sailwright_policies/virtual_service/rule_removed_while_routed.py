"""A DestinationRule goes in one change with the routes to its subsets: for a moment requests can fail with 503.

DestinationRule and VirtualService reach a sidecar one after the other. One that hears of the DestinationRule first has a route to a
cluster that is gone (Envoy answers 503, flag NC). Two changes are safe: first the routes, then the DestinationRule.
"""

from __future__ import annotations

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import FORMER_VIRTUAL_SERVICE
from sailwright.lint.rule import Example, Problem
from sailwright.mesh.objects.routing import VirtualService
from sailwright.mesh.world import World
from sailwright_policies.virtual_service.subset_removed_while_routed import first_routes, is_gone, what_is_left

ID = "rule-removed-while-routed"
KIND = FORMER_VIRTUAL_SERVICE
COMPARES = True
SEVERITY: Severity = "info"
ALIASES = ()
_SERVICE = """
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
_ROUTE = """
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: reviews, namespace: shop}
spec: {hosts: [reviews], http: [{route: [{destination: {host: reviews, subset: v1}}]}]}
"""
_SUBSETS = """
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: reviews, namespace: shop}
spec: {host: reviews, subsets: [{name: v1, labels: {version: v1}}]}
"""
BAD = Example(
    _SERVICE.replace("spec: {selector", "spec:  # finding\n  {selector", 1), base=_SERVICE + _ROUTE + _SUBSETS
)
GOOD = (
    Example(_SERVICE + _SUBSETS, base=_SERVICE + _ROUTE + _SUBSETS),
    Example(_SERVICE, base=_SERVICE + _SUBSETS),
)


def check(former: VirtualService, mesh: World) -> Iterator[Problem]:
    """Hosts whose last DestinationRule goes while their pods stay, and the base routes to one of its subsets."""
    if mesh.base is None:
        return
    senders = mesh.base.index.derived(first_routes)
    for destination in former.destinations:
        host, subset = destination.full_host, destination.subset
        gone = subset in mesh.base.index.subsets(host) and not mesh.index.rules_for(host)
        if not gone or senders.get((host, subset)) is not destination:
            continue
        if is_gone(mesh.index, mesh.base.index, host, subset):  # `subset-removed-while-routed` reports it
            continue
        if place := what_is_left(mesh.index, host):
            message = (
                f"the DestinationRule of {host} is removed, and the base still sends traffic to its subset {subset}"
            )
            remedy = "sidecars may answer 503 until both changes arrive: keep it for one more change"
            if place[0].origin is not None:
                remedy += ", by a `trafficPolicy` in the service file, such as Istio's default `{loadBalancer: LEAST_REQUEST}`"
            yield Problem(*place, message, remedy, key=True)
