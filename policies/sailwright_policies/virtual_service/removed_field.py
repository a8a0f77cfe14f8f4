"""A field that Istio removed is unknown to the API server: it is dropped, or the object is refused.

Old examples still show them.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Path, Severity
from sailwright.lint.kinds import VIRTUAL_SERVICE
from sailwright.lint.rule import Problem
from sailwright.mesh.objects.routing import VirtualService
from sailwright.mesh.world import World
from sailwright.source.manifest import Manifest
from sailwright.source.untyped import get

ID = "removed-field"
KIND = VIRTUAL_SERVICE
SEVERITY: Severity = "error"
ALIASES: tuple[str, ...] = ()
REPLACES = ("schema-violation",)

BAD = """
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: reviews, namespace: shop}
spec:
  hosts: [reviews]
  http:
    - websocketUpgrade: true  # finding
      appendHeaders: {x-version: v1}  # finding
      fault:
        abort: {httpStatus: 500, percent: 10}  # finding
      route:
        - destination:
            host: reviews
            port: {name: http}  # finding
"""

GOOD = """
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: reviews, namespace: shop}
spec:
  hosts: [reviews]
  http:
    - headers: {request: {add: {x-version: v1}}}
      fault:
        abort: {httpStatus: 500, percentage: {value: 10}}
      route:
        - destination:
            host: reviews
            port: {number: 9080}
"""

ROUTE = {
    ("websocketUpgrade",): "remove it: websockets work by themselves",
    ("appendHeaders",): "write headers.request.add",
    ("appendRequestHeaders",): "write headers.request.add",
    ("appendResponseHeaders",): "write headers.response.add",
    ("removeRequestHeaders",): "write headers.request.remove",
    ("removeResponseHeaders",): "write headers.response.remove",
    ("fault", "abort", "percent"): "write percentage: {value: ...}",
}


def check(virtual_service: VirtualService, _: World) -> Iterator[Problem]:
    """Removed fields of http routes, and destination ports by name."""
    for path, rule in virtual_service.rules("http"):
        for keys, remedy in ROUTE.items():
            if get(rule, *keys) is not None:
                yield _problem(virtual_service.manifest, (*path, *keys), remedy)
    for _path, routes in virtual_service.routes():
        for path, route in routes:
            if get(route, "destination", "port", "name") is not None:
                where = (*path, "destination", "port", "name")
                yield _problem(virtual_service.manifest, where, "write the port's number")


def _problem(manifest: Manifest, path: Path, remedy: str) -> Problem:
    return Problem(manifest, path, f"Istio removed `{path[-1]}`", remedy, key=True)
