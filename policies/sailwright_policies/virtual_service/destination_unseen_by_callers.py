"""Callers who are routed to a host or a subset that they cannot see get a 503.

A VirtualService is read in the caller's proxy, and so are the DestinationRules: the first found in the caller's own namespace,
then in the service's, then in the root namespace counts, and a rule in the caller's namespace replaces the service's whole,
subsets and all. A DestinationRule or Service whose exportTo leaves the caller out is not there for it. So if all routes name
subsets, every version needs a subset. Callers count as far as the repository holds their workloads.
"""

from __future__ import annotations

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import VIRTUAL_SERVICE
from sailwright.lint.rule import Place, Problem
from sailwright.mesh.index import Index
from sailwright.mesh.objects.routing import DestinationRule, VirtualService
from sailwright.mesh.pilot.sidecar_scope import Scope
from sailwright.mesh.queries.known_callers import KnownCallers
from sailwright.mesh.queries.push_context import push_context_of
from sailwright.mesh.queries.routed_callers import (
    KnownCaller,
    RoutedCallers,
    Target,
    as_istiod_reads,
    host_reached,
    targets,
)
from sailwright.mesh.queries.same_view import seen_alike
from sailwright.mesh.world import World

ID = "destination-unseen-by-callers"
KIND = VIRTUAL_SERVICE
SEVERITY: Severity = "warning"
ALIASES: tuple[str, ...] = ()
_ROUTES = """
apiVersion: v1
kind: Service
metadata: {name: cart, namespace: shop}
spec: {selector: {app: cart}, ports: [{name: http, port: 80}]}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: cart, namespace: shop}
spec:
  hosts: [cart]
  http:
    - route:
        - destination: {host: cart, subset: v1}  # finding
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: cart, namespace: shop}
spec:
  host: cart
  subsets: [{name: v1, labels: {version: v1}}]
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: front}
spec: {template: {metadata: {labels: {app: web, sidecar.istio.io/inject: "true"}}}}
"""
_HIDING = """
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: cart-timeouts, namespace: front}
spec:
  host: cart.shop.svc.cluster.local
  trafficPolicy: {connectionPool: {tcp: {connectTimeout: 1s}}}
"""
BAD = (_ROUTES + _HIDING, _ROUTES.replace("host: cart\n  subsets", "host: cart\n  exportTo: [.]\n  subsets"))
GOOD = (
    _ROUTES.replace("  # finding", ""),
    _ROUTES.replace("  # finding", "").replace(
        "host: cart\n  subsets", "host: cart\n  exportTo: [., front]\n  subsets"
    ),
    _ROUTES.replace("  # finding", "").replace("  hosts: [cart]\n", "  hosts: [cart]\n  exportTo: [.]\n") + _HIDING,
)


def check(virtual_service: VirtualService, mesh: World) -> Iterator[Problem]:
    """Ask for each destination and mirror, those of delegates too, which of the callers routed there have no cluster."""
    index = mesh.index
    if index.derived(seen_alike):
        return
    read = index.derived(as_istiod_reads).get(virtual_service.manifest)
    if read is None or read.manifest.namespace is None:
        return
    routed: RoutedCallers | None = None
    for target in targets(read):
        if target.is_idle or not _doubtful(index, target):
            continue
        if target.manifest is virtual_service.manifest and not host_reached(index, virtual_service, target.host):
            continue  # nobody sees the host: destination-host-unknown
        routed = routed or RoutedCallers(index, read)
        lost = [known for known in routed.of(target) if _unseen(index, known, target)]
        if lost:
            yield _problem(index, virtual_service, target, lost)


def _doubtful(index: Index, target: Target) -> bool:
    """Whether some caller might see less of a target than others do; of most a glance tells that none does."""
    services = index.derived(push_context_of).by_host(target.host)
    rules = index.rules_for(target.host) if target.subset else ()
    unplaced = [found for found in services if found.manifest.namespace is None]
    unplaced_rules = [rule for rule in rules if rule.manifest.namespace is None]
    if not services or unplaced or unplaced_rules:
        return False
    if len(services) > 1 or not all(found.exports.everywhere for found in index.registry.services(target.host)):
        return True
    defining = [rule for rule in rules if any(subset.name == target.subset for subset in rule.subsets)]
    if not defining:
        return False  # missing for everybody: destination-subset-unknown
    alone = len(rules) == 1 and rules[0].exports.everywhere and not rules[0].workload_selector
    return not alone or rules[0].namespace != services[0].namespace


def _unseen(index: Index, known: KnownCaller, target: Target) -> bool:
    scope = _scope(index, known, target)
    service = scope.services.get(target.host)
    if service is None:
        return True
    if service.alias_of or not target.subset or (target.port and service.port(target.port) is None):
        return False  # a port that nobody has is another matter
    rule = scope.destination_rule(service)
    return rule is None or target.subset not in rule.subsets


def _scope(index: Index, known: KnownCaller, target: Target) -> Scope:
    return index.derived(KnownCallers).scope(known.caller, known.sidecar, target.host)


def _problem(index: Index, subject: VirtualService, target: Target, lost: list[KnownCaller]) -> Problem:
    caller = lost[0].caller
    places = ", ".join(f"`{name}`" for name in dict.fromkeys(known.caller.namespace for known in lost))
    who = f"the gateway `{caller.gateway}` has" if caller.gateway else f"callers in namespace {places} have"
    why, remedy, related = _reason(index, target, lost[0])
    if target.manifest is not subject.manifest:
        related = (*related, (subject.manifest, ("metadata", "name"), "the VirtualService that delegates here"))
    sure = caller.gateway is not None and lost[0].sure and not target.is_mirror
    subset = f" subset `{target.subset}`" if target.subset else ""
    message = f"{who} no cluster for `{target.host}`{subset}: {why}"
    return Problem(target.manifest, target.path, message, remedy, related, severity="error" if sure else None)


def _reason(index: Index, target: Target, known: KnownCaller) -> tuple[str, str, tuple[Place, ...]]:
    scope = _scope(index, known, target)
    service = scope.services.get(target.host)
    if service is None:
        first = index.derived(push_context_of).by_host(target.host)[0]
        place = ((first.manifest, ("metadata", "name"), "the host is defined here"),)
        return (
            "it is not exported there",
            f"extend the exportTo of `{target.host}`, or limit this VirtualService's",
            place,
        )
    defining = [
        rule for rule in index.rules_for(target.host) if any(subset.name == target.subset for subset in rule.subsets)
    ]
    defined = tuple((rule.manifest, ("metadata", "name"), "the subset is defined here") for rule in defining)
    rule = scope.destination_rule(service)
    if rule is None:
        names = ", ".join(map(_title, defining))
        why = f"DestinationRule {names}, which defines it, is not for them"
        return (
            why,
            "extend its exportTo and keep it in the service's namespace, or limit this VirtualService's exportTo",
            defined,
        )
    used = tuple((found, ("metadata", "name"), "used by these callers instead") for found in rule.manifests)
    names = ", ".join(f"{rule.namespace}/{found.name}" for found in rule.manifests)
    why = f"for them DestinationRule {names} counts, and it does not define it"
    return why, "add the subset there, or put everything about the host in one DestinationRule", (*used, *defined)


def _title(rule: DestinationRule) -> str:
    return f"{rule.namespace}/{rule.manifest.name}"
