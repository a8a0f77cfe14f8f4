"""Weights and sticky sessions do not combine: the version is drawn anew for each request, the hash only picks the pod in it.

A user with a session cookie moves between the versions of a weighted route. What works: a rule that matches the cookie and
goes to the canary, and a canary destination that sets it.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Path, Severity
from sailwright.lint.kinds import VIRTUAL_SERVICE
from sailwright.lint.rule import Problem
from sailwright.mesh.index import Index
from sailwright.mesh.objects.routing import VirtualService
from sailwright.mesh.values.hosts import fqdn
from sailwright.mesh.world import World
from sailwright.source.manifest import Manifest
from sailwright.source.untyped import entries, get, number, text

ID = "sticky-session-with-weights"
KIND = VIRTUAL_SERVICE
SEVERITY: Severity = "warning"
ALIASES: tuple[str, ...] = ()

BAD = """
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: cart, namespace: shop}
spec:
  host: cart
  trafficPolicy: {loadBalancer: {consistentHash: {httpCookie: {name: user, ttl: 0s}}}}
  subsets: [{name: v1, labels: {version: v1}}, {name: v2, labels: {version: v2}}]
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: cart, namespace: shop}
spec:
  hosts: [cart]
  http:
    - route:  # finding
        - {destination: {host: cart, subset: v1}, weight: 90}
        - {destination: {host: cart, subset: v2}, weight: 10}
"""

GOOD = """
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: cart, namespace: shop}
spec:
  host: cart
  trafficPolicy: {loadBalancer: {consistentHash: {httpCookie: {name: user, ttl: 0s}}}}
  subsets: [{name: v1, labels: {version: v1}}, {name: v2, labels: {version: v2}}]
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: cart, namespace: shop}
spec:
  hosts: [cart]
  http:
    - match: [{headers: {cookie: {regex: "^(.*;\\\\s*)?canary=always(;.*)?$"}}}]
      route: [{destination: {host: cart, subset: v2}}]
    - route: [{destination: {host: cart, subset: v1}}]
"""


def check(virtual_service: VirtualService, mesh: World) -> Iterator[Problem]:
    """Http splits between versions of one host, where a DestinationRule of the host hashes."""
    for path, rule in virtual_service.rules("http"):
        shares = [
            fqdn(text(get(route, "destination", "host")), virtual_service.namespace, mesh.facts.cluster_domain)
            for _, route in entries(rule.get("route"), ())
            if number(route.get("weight"))
        ]
        host = next((host for host in shares if shares.count(host) > 1), None)
        hashing = _hashing(mesh.index, host) if host else None
        if hashing is not None:
            yield Problem(
                virtual_service.manifest,
                (*path, "route"),
                f"sessions of {host} do not stick to a version: each request draws one by weight, then hashes to a pod",
                "match a cookie or header for the canary before the weighted route, or remove consistentHash",
                related=((hashing[0], hashing[1], "sessions are to stick here"),),
                key=True,
            )


def _hashing(index: Index, host: str) -> tuple[Manifest, Path] | None:
    for rule in index.rules_for(host):
        for policy in rule.policies:
            if isinstance(get(policy.value, "loadBalancer", "consistentHash"), dict):
                return rule.manifest, policy.at("loadBalancer", "consistentHash")
    return None
