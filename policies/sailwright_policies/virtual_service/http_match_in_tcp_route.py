"""A TCP or TLS route cannot match on paths, headers or methods: it never sees them.

L4 matches know destinationSubnets, port, sourceLabels, sourceNamespace and gateways; TLS adds sniHosts. Anything else is an
unknown field, and without it the match is wider than it reads.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.rule import Problem
from sailwright.mesh.world import World
from sailwright.source.untyped import entries

ID = "http-match-in-tcp-route"
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


def check(world: World) -> Iterator[Problem]:
    """The match conditions of http under tcp and tls, and sniHosts under tcp."""
    for service in world.index.virtual_services:
        for block, unknown in (("tcp", (*HTTP_ONLY, "sniHosts")), ("tls", HTTP_ONLY)):
            for path, rule in entries(service.manifest.spec.get(block), ("spec", block)):
                for match, value in entries(rule.get("match"), (*path, "match")):
                    for field in unknown:
                        if field in value:
                            yield Problem(
                                service.manifest,
                                (*match, field),
                                f"a {block} match has no `{field}`: without it this matches every connection",
                                "match on port, destinationSubnets, sourceLabels or sourceNamespace",
                                key=True,
                            )
