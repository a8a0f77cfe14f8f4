"""A TCP or TLS route cannot match on paths, headers or methods: it never sees them.

L4 matches know destinationSubnets, port, sourceLabels, sourceNamespace and gateways; TLS adds sniHosts. Anything else is an
unknown field, and without it the match is wider than it reads.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import VIRTUAL_SERVICE
from sailwright.lint.rule import Problem
from sailwright.mesh.objects.routing import VirtualService
from sailwright.mesh.world import World

ID = "http-match-in-tcp-route"
KIND = VIRTUAL_SERVICE
SEVERITY: Severity = "error"
ALIASES: tuple[str, ...] = ()
REPLACES = ("schema-violation",)

BAD = """
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: orders, namespace: shop}
spec:
  hosts: [orders]
  tcp:
    - match:
        - port: 9000
          headers: {x-user: {exact: staff}}  # finding
      route: [{destination: {host: orders, subset: v2}}]
"""

GOOD = """
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: orders, namespace: shop}
spec:
  hosts: [orders]
  tcp:
    - match: [{port: 9000, sourceLabels: {app: staff-client}}]
      route: [{destination: {host: orders, subset: v2}}]
"""

HTTP_ONLY = ("uri", "headers", "withoutHeaders", "method", "authority", "scheme", "queryParams", "ignoreUriCase")


def check(virtual_service: VirtualService, _: World) -> Iterator[Problem]:
    """The match conditions of http under tcp and tls, and sniHosts under tcp."""
    for path, match in virtual_service.matches("tcp", "tls"):
        block = path[1]
        for field in HTTP_ONLY if block == "tls" else (*HTTP_ONLY, "sniHosts"):
            if field in match:
                yield Problem(
                    virtual_service.manifest,
                    (*path, field),
                    f"a {block} match has no `{field}`: without it this matches every connection",
                    "match on port, destinationSubnets, sourceLabels or sourceNamespace",
                    key=True,
                )
