"""A method in lower case matches no request: methods are compared as they are sent, in upper case.

That holds for the list of a CORS policy too: the browser compares it with the method it is about to send.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import VIRTUAL_SERVICE
from sailwright.lint.rule import Problem
from sailwright.mesh.objects.routing import VirtualService
from sailwright.mesh.values.re2 import compiled
from sailwright.mesh.world import World
from sailwright.source.untyped import items, mapping, text

ID = "match-method-unknown"
KIND = VIRTUAL_SERVICE
SEVERITY: Severity = "warning"
ALIASES: tuple[str, ...] = ()
REPLACES = ("virtual-service-refused",)
REPLACES_AROUND = ("match-never-true",)

BAD = """
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: shop, namespace: shop}
spec:
  hosts: [shop]
  http:
    - match:
        - method: {exact: get}  # finding
        - method: {regex: "put|patch"}  # finding
      corsPolicy:
        allowOrigins: [{exact: "https://shop.example.com"}]
        allowMethods: [GET, put]  # finding
      route: [{destination: {host: reader}}]
"""

GOOD = """
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: shop, namespace: shop}
spec:
  hosts: [shop]
  http:
    - match:
        - method: {exact: GET}
        - method: {regex: "(?i)put|patch"}
        - method: {exact: PURGE}
      corsPolicy:
        allowOrigins: [{exact: "https://shop.example.com"}]
        allowMethods: [GET, PUT]
      route: [{destination: {host: reader}}]
"""

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "CONNECT", "OPTIONS", "TRACE")
_CORS = ("corsPolicy", "allowMethods")


def check(virtual_service: VirtualService, _: World) -> Iterator[Problem]:
    """The methods of matches and of CORS policies; a method of one's own may have any name in upper case."""
    for place, match in virtual_service.matches("http"):
        method = mapping(match.get("method"))
        for key in ("exact", "prefix", "regex"):
            written = text(method.get(key))
            if written and _never(key, written):
                message = f"no request has the method `{written}`: methods are sent in upper case"
                yield Problem(virtual_service.manifest, (*place, "method", key), message, f"write {written.upper()}")
    for place, rule in virtual_service.rules("http"):
        for position, written in enumerate(items(mapping(rule.get("corsPolicy")).get("allowMethods"))):
            if isinstance(written, str) and _never("exact", written):
                message = f"browsers send no method `{written}`, and Istio refuses it: methods are sent in upper case"
                remedy, path = f"write {written.upper()}", (*place, *_CORS, position)
                yield Problem(virtual_service.manifest, path, message, remedy, severity="error")


def _never(key: str, written: str) -> bool:
    """Whether a text is a method but for its case."""
    if key == "exact":
        return written not in METHODS and written.upper() in METHODS
    if key == "prefix":
        return written != written.upper() and any(method.startswith(written.upper()) for method in METHODS)
    pattern = compiled(written) if written != written.upper() else None
    if pattern is None or any(pattern.fullmatch(method) for method in METHODS):
        return False
    return any(pattern.fullmatch(method.lower()) for method in METHODS)
