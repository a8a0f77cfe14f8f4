"""A match that an earlier one covers never decides anything.

The first rule that matches takes the request: a match that repeats an earlier one, or a URI prefix behind a shorter one,
has no effect where it stands.
"""

from __future__ import annotations

from collections.abc import Iterator

from sailwright.finding import Severity
from sailwright.mesh.matches import Ineffective, unreachable
from sailwright.mesh.world import World
from sailwright.rule import Problem

ID = "match-ineffective"
SEVERITY: Severity = "info"
ALIASES = ("IST0131",)
BAD = """
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: web, namespace: shop}
spec:
  hosts: [web]
  http:
    - match: [{uri: {prefix: /api}}]
      route: [{destination: {host: api}}]
    - match: [{uri: {prefix: /api/v2}}]  # finding
      route: [{destination: {host: api-v2}}]
    - route: [{destination: {host: web}}]
"""
GOOD = """
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: web, namespace: shop}
spec:
  hosts: [web]
  http:
    - match: [{uri: {prefix: /api/v2}}]
      route: [{destination: {host: api-v2}}]
    - match: [{uri: {prefix: /api}}]
      route: [{destination: {host: api}}]
    - route: [{destination: {host: web}}]
"""


def check(world: World) -> Iterator[Problem]:
    """Compare each match with those before it."""
    for service in world.index.virtual_services:
        for found in unreachable(service):
            if isinstance(found, Ineffective):
                message = f"match {found.name} of rule {found.rule} has no effect: {found.reason}"
                related = ((service.manifest, found.first, "the earlier one"),)
                path = () if world.facts.compat else found.path
                yield Problem(service.manifest, path, message, "remove it, or move it forward", related)
