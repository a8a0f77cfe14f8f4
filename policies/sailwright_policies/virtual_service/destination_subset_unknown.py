"""A route to a subset that no DestinationRule defines ends in a 503 for every request it takes.

A subset exists only through a DestinationRule of its host. When both change together, the DestinationRule has to reach
the proxies first.
"""

from __future__ import annotations

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.diagnostics.nearest import did_you_mean
from sailwright.lint.rule import Problem
from sailwright.mesh.index import Index
from sailwright.mesh.objects.routing import Destination, VirtualService
from sailwright.mesh.queries.istioctl_compat import full_name, named_service, shown_destination
from sailwright.mesh.world import World

ID = "destination-subset-unknown"
SEVERITY: Severity = "error"
ALIASES = ("IST0101", "KIA1107")
BAD = """
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: reviews, namespace: shop}
spec:
  host: reviews
  subsets: [{name: v1, labels: {version: v1}}, {name: v2, labels: {version: v2}}]
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: reviews, namespace: shop}
spec:
  hosts: [reviews]
  http:
    - route: [{destination: {host: reviews, subset: v3}}]  # finding
"""
GOOD = """
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: reviews, namespace: shop}
spec:
  host: reviews
  subsets: [{name: v1, labels: {version: v1}}]
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: reviews, namespace: shop}
spec:
  hosts: [reviews]
  http:
    - match: [{uri: {prefix: /other-repository}}]
      route: [{destination: {host: ratings, subset: v1}}]
    - route: [{destination: {host: reviews, subset: v1}}]
"""


def check(world: World) -> Iterator[Problem]:
    """Look each subset up among those of its host. Nothing is said of hosts that the repository does not hold."""
    index = world.index
    defined = _defined(index) if index.facts.compat else set()
    for service in index.virtual_services:
        for destination in service.destinations:
            if not destination.subset:
                continue
            if not index.facts.compat:
                yield from _judged(index, service, destination)
            elif (*named_service(destination.host, service.namespace), destination.subset) not in defined:
                what = "mirror" if destination.is_mirror else "host"
                message = f"the {what}+subset `{destination.host}+{destination.subset}` is not found"
                path = shown_destination(service.manifest, destination, mirror_of_rule=True)
                yield Problem(service.manifest, path, message)


def _defined(index: Index) -> set[tuple[str, str, str]]:
    """Namespace, name and subset of every DestinationRule, whatever its exportTo; wildcards stand for themselves."""
    return {
        (*named_service(full_name(rule.written_host, rule.namespace), rule.namespace), subset.name)
        for rule in index.destination_rules
        for subset in rule.subsets
    }


def _judged(index: Index, service: VirtualService, destination: Destination) -> Iterator[Problem]:
    host, subset = destination.full_host, destination.subset
    subsets = index.subsets(host)
    if subset in subsets or not (index.rules_for(host) or index.registry.services(host)):
        return
    path = (*destination.path, "subset")
    severity: Severity | None = "warning" if destination.is_idle else None
    if subsets:
        message = f"no DestinationRule of `{destination.host}` defines the subset `{subset}`"
        remedy = did_you_mean(subset, subsets, f"it defines {', '.join(sorted(subsets))}")
        first = next(iter(subsets.values()))[0]
        related = ((first[0].manifest, first[1].path, "subsets are defined here"),)
        yield Problem(service.manifest, path, message, remedy, related, severity=severity)
    else:
        message = f"no DestinationRule defines the subset `{subset}` of `{destination.host}`"
        remedy = f"add a DestinationRule for {host} with this subset, or route to the host without one"
        yield Problem(service.manifest, path, message, remedy, severity=severity)
