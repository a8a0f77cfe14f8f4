"""A rule that no request reaches looks like routing and is none.

The first rule that matches takes the request. A second rule without a match, and one whose every match stands in earlier
rules, never get their turn.
"""

from __future__ import annotations

from collections.abc import Iterator

from sailwright.finding import Severity
from sailwright.mesh.matches import Unreachable, unreachable
from sailwright.mesh.world import World
from sailwright.rule import Problem

ID = "rule-unreachable"
SEVERITY: Severity = "warning"
ALIASES = ("IST0130",)
BAD = """
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: reviews, namespace: shop}
spec:
  hosts: [reviews]
  http:
    - route: [{destination: {host: reviews, subset: v1}}]
    - route: [{destination: {host: reviews, subset: v2}}]  # finding
"""
GOOD = """
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: reviews, namespace: shop}
spec:
  hosts: [reviews]
  http:
    - match: [{headers: {x-user-group: {exact: staff}}}]
      route: [{destination: {host: reviews, subset: v2}}]
    - route: [{destination: {host: reviews, subset: v1}}]
"""


def check(world: World) -> Iterator[Problem]:
    """Compare each rule with those before it."""
    for service in world.index.virtual_services:
        for found in unreachable(service):
            if isinstance(found, Unreachable):
                related = ((service.manifest, found.first, "this rule takes its requests"),) if found.first else ()
                place, path = ("", ()) if world.facts.compat else (f" of {found.path[1]}", found.path)
                message = f"no request reaches rule {found.name}{place}: {found.reason}"
                yield Problem(service.manifest, path, message, "remove it, or move it forward", related)
