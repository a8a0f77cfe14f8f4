"""A rule that matches every request hides the rules after it: a canary rule placed so takes all the traffic.

The first rule that matches wins. A rule without `match` is seen to be the last one; a rule whose match is `{}`, the prefix `/`
or the regex `.*` is just as final, and easily written above the default route.
"""

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import VIRTUAL_SERVICE
from sailwright.lint.rule import Problem
from sailwright.mesh.objects.routing import VirtualService
from sailwright.mesh.world import World
from sailwright.source.untyped import entries

ID = "route-catch-all-not-last"
KIND = VIRTUAL_SERVICE
SEVERITY: Severity = "error"
ALIASES: tuple[str, ...] = ()

BAD = """
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: reviews, namespace: shop}
spec:
  hosts: [reviews]
  http:
    - name: canary
      match:
        - uri: {prefix: /}  # finding
      route: [{destination: {host: reviews, subset: v2}}]
    - name: default
      route: [{destination: {host: reviews, subset: v1}}]
"""

GOOD = """
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: reviews, namespace: shop}
spec:
  hosts: [reviews]
  http:
    - name: canary
      match: [{uri: {prefix: /}, headers: {x-canary: {exact: always}}}]
      route: [{destination: {host: reviews, subset: v2}}]
    - name: default
      match: [{uri: {prefix: /}}]
      route: [{destination: {host: reviews, subset: v1}}]
"""


def check(virtual_service: VirtualService, _: World) -> Iterator[Problem]:
    """The first http rule of each VirtualService with a match that narrows nothing, where rules come after it."""
    rules = list(virtual_service.rules("http"))
    finals = (
        (place, position)
        for position, (path, rule) in enumerate(rules[:-1])
        for place, match in entries(rule.get("match"), (*path, "match"))
        if _takes_everything(match) and "delegate" not in rule  # the delegate's own matches narrow it
    )
    for place, position in islice(finals, 1):
        hidden = len(rules) - position - 1
        yield Problem(
            virtual_service.manifest,
            place,
            f"this matches every request, so {'the rule' if hidden == 1 else f'the {hidden} rules'} after it never appl"
            f"{'ies' if hidden == 1 else 'y'}",
            "move the rule to the end, or match on what its requests have in common",
            related=((virtual_service.manifest, rules[position + 1][0], "never reached"),),
        )


def _takes_everything(match: Mapping[str, Any]) -> bool:
    conditions = {
        key: value for key, value in match.items() if key not in ("name", "statPrefix", "ignoreUriCase") and value
    }
    return not conditions or conditions in ({"uri": {"prefix": "/"}}, {"uri": {"regex": ".*"}})
