"""Timeouts, retries, faults and the like do not exist for TCP and TLS routes: the API server drops them or refuses the object.

A TCP or TLS route has `match` and `route`, nothing else. Everything that needs to see requests needs an HTTP port.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.rule import Problem
from sailwright.mesh.world import World
from sailwright.source.untyped import entries

ID = "http-field-in-tcp-route"
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
    - route: [{destination: {host: orders, subset: v1}}]
      timeout: 5s  # finding
      retries: {attempts: 3}  # finding
"""

GOOD = """
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: orders, namespace: shop}
spec:
  hosts: [orders]
  http:
    - route: [{destination: {host: orders, subset: v1}}]
      timeout: 5s
      retries: {attempts: 3}
"""

HTTP_ONLY = (
    "timeout",
    "retries",
    "fault",
    "mirror",
    "mirrors",
    "mirrorPercentage",
    "rewrite",
    "redirect",
    "directResponse",
    "headers",
    "corsPolicy",
    "delegate",
)


def check(world: World) -> Iterator[Problem]:
    """The fields of http routes under tcp and tls, those of a single destination too."""
    for service in world.index.virtual_services:
        for block in ("tcp", "tls"):
            for path, rule in entries(service.manifest.spec.get(block), ("spec", block)):
                places = [((*path, field), field) for field in HTTP_ONLY if field in rule]
                places += [
                    ((*route, "headers"), "headers")
                    for route, value in entries(rule.get("route"), (*path, "route"))
                    if "headers" in value
                ]
                for place, field in places:
                    yield Problem(
                        service.manifest,
                        place,
                        f"a {block} route has no `{field}`: the proxy sees bytes there, not requests",
                        "remove it, or declare the port as HTTP and route with `http`",
                        key=True,
                    )
