"""Rules before it take all its requests: a canary or an exception placed so never happens.

The first rule that matches wins. A prefix takes every longer one, a rule for all headers takes those for some, and several
rules together may leave nothing for the next.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sailwright.diagnostics.finding import Path, Severity
from sailwright.lint.kinds import VIRTUAL_SERVICE
from sailwright.lint.rule import Place, Problem
from sailwright.mesh.facts import Facts
from sailwright.mesh.objects.routing import VirtualService
from sailwright.mesh.world import World
from sailwright.route.classes.unreachable import dead_matches
from sailwright.source.manifest import Manifest
from sailwright_policies.validation import refusals

if TYPE_CHECKING:
    from sailwright.route.classes.unreached import Unreached

ID = "rule-shadowed"
KIND = VIRTUAL_SERVICE
SEVERITY: Severity = "warning"
ALIASES: tuple[str, ...] = ()

BAD = """
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: reviews, namespace: shop}
spec:
  hosts: [reviews]
  http:
    - name: api
      match: [{uri: {prefix: /api}}]
      route: [{destination: {host: reviews, subset: v1}}]
    - name: new-api
      match:
        - {uri: {exact: /api/v2}, headers: {x-user-group: {exact: staff}}}  # finding
      route: [{destination: {host: reviews, subset: v2}}]
    - name: marked
      match: [{headers: {x-canary: {}}}]
      route: [{destination: {host: reviews, subset: v2}}]
    - name: unmarked
      match: [{withoutHeaders: {x-canary: {}}}]
      route: [{destination: {host: reviews, subset: v1}}]
    - name: rest
      match:
        - {uri: {exact: /rest}}  # finding
      route: [{destination: {host: reviews, subset: v1}}]
"""

GOOD = """
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: reviews, namespace: shop}
spec:
  hosts: [reviews]
  http:
    - name: new-api
      match: [{uri: {prefix: /api/v2}, headers: {x-user-group: {exact: staff}}}]
      route: [{destination: {host: reviews, subset: v2}}]
    - name: api
      match: [{uri: {prefix: /api}}]
      route: [{destination: {host: reviews, subset: v1}}]
    - route: [{destination: {host: reviews, subset: v1}}]
"""


def check(virtual_service: VirtualService, mesh: World) -> Iterator[Problem]:
    """Match entries whose requests all go by earlier rules, but for those that Istio's webhook reports as well."""
    manifest = virtual_service.manifest
    dead = [found for found in dead_matches(mesh.index, virtual_service) if not found.never and found.entry is not None]
    reported = _webhook(manifest, mesh.facts) if dead else set()
    for found in dead:
        path = (*found.rule.path, "match", found.entry or 0)
        if path not in reported:
            yield Problem(
                manifest,
                path,
                f"no request gets as far as this match: {_taker(found)}",
                "move the rule forward, or remove it",
                related=tuple(_places(found)),
            )


def _webhook(manifest: Manifest, facts: Facts) -> set[Path]:
    """The rules and matches that the webhook finds unreachable."""
    from sailwright.validate.webhook_checks.unreachable import MATCH, RULE

    found = refusals(manifest, facts.istio_version, compat=facts.compat)
    return {each.path for each in found if each.rule in (RULE, MATCH)}


def _taker(found: Unreached) -> str:
    if found.by is None or found.by.rule is None:
        return "the rules before it together take all its requests"
    name = found.by.rule.value.get("name")
    return f"rule {f'`{name}`' if name else int(found.by.rule.path[-1]) + 1} takes all its requests"


def _places(found: Unreached) -> Iterator[Place]:
    place = found.by.place if found.by else None
    if place is not None:
        yield (*place, "this takes its requests")
