"""Timeouts, retries, faults and the like do not exist for TCP and TLS routes: the API server drops them or refuses the object.

A TCP or TLS route has `match` and `route`, nothing else. Everything that needs to see requests needs an HTTP port.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import VIRTUAL_SERVICE
from sailwright.lint.rule import Problem
from sailwright.mesh.objects.routing import Block, VirtualService
from sailwright.mesh.world import World

ID = "http-field-in-tcp-route"
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


def check(virtual_service: VirtualService, _: World) -> Iterator[Problem]:
    """The fields of http routes under tcp and tls, those of a single destination too."""
    blocks: tuple[Block, ...] = ("tcp", "tls")
    found = [(*path, field) for path, rule in virtual_service.rules(*blocks) for field in HTTP_ONLY if field in rule]
    routes = (route for _, routes in virtual_service.routes(*blocks) for route in routes)
    found += [(*path, "headers") for path, route in routes if "headers" in route]
    for path in found:
        yield Problem(
            virtual_service.manifest,
            path,
            f"a {path[1]} route has no `{path[-1]}`: the proxy sees bytes there, not requests",
            "remove it, or declare the port as HTTP and route with `http`",
            key=True,
        )
