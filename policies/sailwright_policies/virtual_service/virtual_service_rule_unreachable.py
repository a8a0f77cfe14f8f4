"""No request reaches this rule of a VirtualService: what it should route goes by an earlier rule.

The first rule that matches wins. A rule after one without matches is never used, nor one whose matches all stand in earlier rules.
"""

from __future__ import annotations

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.rule import Problem
from sailwright.mesh.world import World
from sailwright_policies.validation import webhook_problems

ID = "virtual-service-rule-unreachable"
SEVERITY: Severity = "warning"
ALIASES = ("IST0130",)
BAD = """
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: reviews, namespace: shop}
spec:
  hosts: [reviews]
  http:
    - name: default
      route: [{destination: {host: reviews, subset: v1}}]
    - name: staff  # finding
      match: [{headers: {x-user-group: {exact: staff}}}]
      route: [{destination: {host: reviews, subset: v2}}]
"""
GOOD = """
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: reviews, namespace: shop}
spec:
  hosts: [reviews]
  http:
    - name: staff
      match: [{headers: {x-user-group: {exact: staff}}}]
      route: [{destination: {host: reviews, subset: v2}}]
    - name: default
      route: [{destination: {host: reviews, subset: v1}}]
"""


def check(world: World) -> Iterator[Problem]:
    """Ask the webhook's checks for the kind."""
    return webhook_problems(world, "VirtualService", ID)
