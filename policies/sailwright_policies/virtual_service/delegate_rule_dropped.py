"""A delegate's rule whose match does not fit the root's is dropped whole, with a line in istiod's log and no more.

istiod joins the conditions of both. Each match entry of the delegate must lie within one of the root's: a longer prefix, an exact
path below it, conditions that the root leaves open. A prefix above the root's, a regular expression on either side, or one
entry among several that fits nothing, and the whole rule is gone: its requests go to the next rule.
"""

from __future__ import annotations

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import VIRTUAL_SERVICE
from sailwright.lint.rule import Problem
from sailwright.mesh.objects.routing import VirtualService
from sailwright.mesh.queries.delegates import dropped_rules
from sailwright.mesh.world import World

ID = "delegate-rule-dropped"
KIND = VIRTUAL_SERVICE
SEVERITY: Severity = "warning"
ALIASES: tuple[str, ...] = ()
REPLACES = ("route-catch-all-not-last",)
_ROOT = """
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: front, namespace: edge}
spec:
  hosts: [shop.example.com]
  gateways: [edge/public]
  http:
    - match: [{uri: {prefix: /cart}}]
      delegate: {name: cart, namespace: shop}
    - match: [{uri: {prefix: /books}}]
      delegate: {name: cart, namespace: shop}
---
"""
BAD = (
    _ROOT
    + """
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: cart, namespace: shop}
spec:
  http:
    - match:
        - uri: {prefix: /cart/pay}
        - uri: {prefix: /wallet}  # finding
      route: [{destination: {host: pay}}]
    - match:
        - uri: {prefix: /}  # finding (2)
      route: [{destination: {host: cart}}]
    - match:
        - uri: {regex: /books/.*}  # finding (2)
      route: [{destination: {host: books}}]
"""
)
GOOD = (
    _ROOT
    + """
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: cart, namespace: shop}
spec:
  http:
    - match: [{uri: {prefix: /cart/pay}, headers: {x-tier: {exact: gold}}}]
      route: [{destination: {host: pay}}]
    - match: [{uri: {exact: /books/new}}]
      route: [{destination: {host: books}}]
    - route: [{destination: {host: cart}}]
"""
)


def check(virtual_service: VirtualService, mesh: World) -> Iterator[Problem]:
    """The rules of a delegate that are dropped though requests could meet both, or under every root."""
    if virtual_service.hosts:
        return
    for found in dropped_rules(mesh.index, virtual_service):
        use = found.delegation
        root = f"VirtualService {use.root.namespace}/{use.root.manifest.name}"
        number = use.path[-1]
        yield Problem(
            virtual_service.manifest,
            (*found.path, "match", found.entry),
            f"this match does not fit rule {number} of {root}: istiod drops the whole rule there",
            "let each match lie within the root's (a longer prefix, or other conditions), or leave it out",
            related=((use.root.manifest, (*use.path, "match"), "the conditions of the root"),),
        )
