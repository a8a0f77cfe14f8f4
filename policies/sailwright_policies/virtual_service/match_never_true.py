"""A match that no request can meet: the rule looks like routing and takes nothing.

Envoy compares the path without its query and after normalisation, so `/a?x=1` and `/a/../b` are never met. A sidecar sees plain
HTTP alone, so the scheme is never `https` there. In `withoutHeaders` an absent header counts as an empty one, so a pattern that
matches the empty text excludes every request without the header. Conditions may also contradict each other.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import VIRTUAL_SERVICE
from sailwright.lint.rule import Problem
from sailwright.mesh.objects.routing import VirtualService
from sailwright.mesh.world import World
from sailwright.route.classes.unreachable import dead_matches

ID = "match-never-true"
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
    - match:
        - uri: {exact: "/search?q=new"}  # finding
        - uri: {prefix: /api/../v2}  # finding
        - scheme: {exact: https}  # finding
        - withoutHeaders: {x-internal: {regex: ".*"}}  # finding
        - uri: {exact: /a}
      route: [{destination: {host: reviews, subset: v2}}]
    - route: [{destination: {host: reviews, subset: v1}}]
"""

GOOD = """
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: reviews, namespace: shop}
spec:
  hosts: [reviews]
  http:
    - match:
        - uri: {exact: /search}
          queryParams: {q: {exact: new}}
        - withoutHeaders: {x-internal: {}}
      route: [{destination: {host: reviews, subset: v2}}]
    - route: [{destination: {host: reviews, subset: v1}}]
"""


def check(virtual_service: VirtualService, mesh: World) -> Iterator[Problem]:
    """Match entries for which there is no request at all."""
    for found in dead_matches(mesh.index, virtual_service):
        if found.never and found.entry is not None:
            yield Problem(
                virtual_service.manifest,
                (*found.rule.path, "match", found.entry),
                "no request can meet this match: its conditions are never true together",
                "compare the path as Envoy sees it (no query, dot segments resolved), and drop what contradicts",
            )
