"""A route to a subset that no DestinationRule defines ends in a 503 for every request it takes.

A subset exists only through a DestinationRule of its host. When both change together, the DestinationRule has to reach
the proxies first.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sailwright.diagnostics.finding import Severity
from sailwright.diagnostics.suggestions import did_you_mean
from sailwright.lint.kinds import VIRTUAL_SERVICE
from sailwright.lint.rule import Problem
from sailwright.mesh.index import Index
from sailwright.mesh.objects.routing import Destination, DestinationRule, VirtualService
from sailwright.mesh.queries.absence import no_host
from sailwright.mesh.queries.traits import any_rule
from sailwright.mesh.world import World
from sailwright_policies import istioctl_analyzers

ID = "destination-subset-unknown"
KIND = VIRTUAL_SERVICE
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
_OTHER_REPOSITORY = """
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
_NAMESPACE_AT_THE_APPLY = """
apiVersion: v1
kind: Service
metadata: {name: reviews, namespace: shop}
spec: {ports: [{name: http, port: 9080}]}
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: reviews}
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
    - route: [{destination: {host: reviews, subset: v1}}]
"""
GOOD = (_OTHER_REPOSITORY, _NAMESPACE_AT_THE_APPLY)
COMPAT = istioctl_analyzers.DESTINATION_SUBSET


def check(virtual_service: VirtualService, mesh: World) -> Iterator[Problem]:
    """Look each subset up among those of its host. Nothing is said of hosts that the repository does not hold.

    A file without a namespace gets one when it is applied, so its short names may mean a host of any namespace.
    """
    index = mesh.index
    for destination in virtual_service.destinations:
        host, subset = destination.full_host, destination.subset
        subsets = index.subsets(host) if subset else {}
        if not subset or subset in subsets or not (index.rules_for(host) or index.registry.services(host)):
            continue
        if _may_be_elsewhere(index, virtual_service, destination):
            continue
        path = (*destination.path, "subset")
        severity: Severity | None = "warning" if destination.is_idle else None
        if not subsets and not _rules_are_here(mesh, host):
            severity = "info"
        if subsets:
            message = f"no DestinationRule of `{destination.host}` defines the subset `{subset}`"
            remedy = did_you_mean(subset, subsets, f"it defines {', '.join(sorted(subsets))}")
            rule, first = next(iter(subsets.values()))[0]
            related = ((rule.manifest, first.path, "subsets are defined here"),)
            yield Problem(
                virtual_service.manifest,
                path,
                message,
                remedy,
                related,
                severity=severity,
                absent=no_host(host, meant=True),
            )
        else:
            message = f"no DestinationRule defines the subset `{subset}` of `{destination.host}`"
            remedy = f"add a DestinationRule for {host} with this subset, or route to the host without one"
            yield Problem(virtual_service.manifest, path, message, remedy, severity=severity, absent=no_host(host))


def _rules_are_here(mesh: World, host: str) -> bool:
    """Whether a repository is likely to have the DestinationRule of a host: it has others, or the pods, or all of the namespace."""
    index = mesh.index
    service = index.registry.service(host)
    if index.facts.compat or index.derived(any_rule) or service is None or service.is_entry:
        return True
    if index.has_endpoints(service) or service.namespace in index.namespaces:
        return True
    return mesh.with_siblings is not None and bool(mesh.with_siblings.index.destination_rules)


def _may_be_elsewhere(index: Index, virtual_service: VirtualService, destination: Destination) -> bool:
    """Whether a DestinationRule for a host of this name, in a namespace that some file leaves open, has the subset."""
    name = destination.full_host.partition(".")[0]
    placed = virtual_service.manifest.namespace is not None
    found = index.derived(_by_first_label).get(name, ())
    return any(
        subset.name == destination.subset
        for rule in found
        if not (placed and rule.manifest.namespace)
        for subset in rule.subsets
    )


def _by_first_label(index: Index) -> Mapping[str, list[DestinationRule]]:
    """The DestinationRules by the first label of their host."""
    found: dict[str, list[DestinationRule]] = {}
    for rule in index.destination_rules:
        found.setdefault(rule.host.partition(".")[0], []).append(rule)
    return found
