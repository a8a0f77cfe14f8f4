"""Of a weighted TCP or TLS route only the first destination's DestinationRule is read for what belongs to the connection.

`consistentHash.useSourceIp`, `tcp.idleTimeout` and `tcp.maxConnectionDuration` are properties of the listener. For a split they
come from the top of the first destination's DestinationRule: never from another's, and never from a subset.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sailwright.diagnostics.finding import Path, Severity
from sailwright.lint.kinds import DESTINATION_RULE
from sailwright.lint.rule import Problem
from sailwright.mesh.index import Index
from sailwright.mesh.objects.routing import Destination, DestinationRule, VirtualService
from sailwright.mesh.world import World
from sailwright.runtime.records import dataclass
from sailwright.source.untyped import get

ID = "split-reads-first-rule"
KIND = DESTINATION_RULE
SEVERITY: Severity = "warning"
ALIASES: tuple[str, ...] = ()
_SPLIT = """
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: orders, namespace: shop}
spec:
  hosts: [orders]
  tcp:
    - route:
        - {destination: {host: orders}, weight: 50}
        - {destination: {host: orders-new}, weight: 50}
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: orders, namespace: shop}
spec:
  host: orders-new
  trafficPolicy:
    connectionPool: {tcp: {idleTimeout: 10m}}  # finding
"""
_SUBSETS = """
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: cache, namespace: shop}
spec:
  hosts: [cache]
  tcp:
    - route:
        - {destination: {host: cache, subset: v1}, weight: 50}
        - {destination: {host: cache, subset: v2}, weight: 50}
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: cache, namespace: shop}
spec:
  host: cache
  subsets:
    - name: v1
      labels: {version: v1}
      trafficPolicy: {loadBalancer: {consistentHash: {useSourceIp: true}}}  # finding
    - name: v2
      labels: {version: v2}
"""
BAD = (_SPLIT, _SUBSETS)
GOOD = _SPLIT.replace("  # finding", "").replace("host: orders-new\n  trafficPolicy", "host: orders\n  trafficPolicy")
SETTINGS: Mapping[str, tuple[str, ...]] = {
    "useSourceIp": ("loadBalancer", "consistentHash", "useSourceIp"),
    "idleTimeout": ("connectionPool", "tcp", "idleTimeout"),
    "maxConnectionDuration": ("connectionPool", "tcp", "maxConnectionDuration"),
}


@dataclass(frozen=True, slots=True)
class Split:
    """A weighted tcp or tls route: where it stands, its first host, and the subsets of one of its hosts."""

    virtual_service: VirtualService
    path: Path
    first: str
    subsets: frozenset[str]


def check(rule: DestinationRule, mesh: World) -> Iterator[Problem]:
    """What a rule sets for connections of a split that reads another's, or that reads no subset's."""
    unread: dict[Path, Split] = {}
    for split in mesh.index.derived(_splits).get(rule.host, ()):
        above = _set_at_the_top(mesh.index, split.first)
        holders: list[tuple[Path, Mapping[str, Any], tuple[str, ...]]] = [
            (subset.path, subset.value, ("useSourceIp",)) for subset in rule.subsets if subset.name in split.subsets
        ]
        if split.first != rule.host:
            holders.append((("spec",), rule.manifest.spec, tuple(SETTINGS)))
        for path, holder, keys in holders:
            for key in keys:
                if key not in above and get(holder, "trafficPolicy", *SETTINGS[key]):
                    unread.setdefault((*path, "trafficPolicy", *SETTINGS[key]), split)
    for place, split in unread.items():
        yield Problem(
            rule.manifest,
            place,
            f"{place[-1]} is not read for the weighted route to {split.first}: it comes from the top of the first destination's rule",
            f"set it in spec.trafficPolicy of the DestinationRule for {split.first}",
            related=((split.virtual_service.manifest, split.path, "the weighted route"),),
            key=True,
        )


def _set_at_the_top(index: Index, host: str) -> frozenset[str]:
    """The settings that some DestinationRule for a host has at its top."""
    policies = [rule.manifest.spec.get("trafficPolicy") for rule in index.rules_for(host)]
    return frozenset(key for key, keys in SETTINGS.items() if any(get(policy, *keys) for policy in policies))


def _splits(index: Index) -> Mapping[str, list[Split]]:
    """The weighted routes of connections by each host they lead to."""
    found: dict[str, list[Split]] = {}
    for virtual_service in index.virtual_services:
        routes: dict[tuple[str, int], list[Destination]] = {}
        for to in virtual_service.destinations:
            if to.block != "http" and not to.is_idle:
                routes.setdefault((to.block, to.rule), []).append(to)
        for (block, number), targets in routes.items():
            for host in dict.fromkeys(to.full_host for to in targets) if len(targets) > 1 else ():
                subsets = frozenset(to.subset for to in targets if to.full_host == host and to.subset)
                path: Path = ("spec", block, number, "route")
                found.setdefault(host, []).append(Split(virtual_service, path, targets[0].full_host, subsets))
    return found
