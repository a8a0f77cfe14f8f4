"""A method that does not exist is matched by no request: an ALLOW rule with it allows nothing.

Methods are compared as they are sent: upper case, one of the nine of HTTP. For gRPC it is POST.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import AUTHORIZATION_POLICY
from sailwright.lint.rule import Problem
from sailwright.mesh.queries.authorization_policies import operations
from sailwright.mesh.world import World
from sailwright.source.manifest import Manifest
from sailwright.source.untyped import items

ID = "authorization-method-unknown"
KIND = AUTHORIZATION_POLICY
SEVERITY: Severity = "warning"
ALIASES: tuple[str, ...] = ("KIA0102",)

BAD = """
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: reviews, namespace: shop}
spec:
  rules:
    - to:
        - operation:
            methods: [GET, FETCH]  # finding
"""

GOOD = """
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: reviews, namespace: shop}
spec:
  rules:
    - to:
        - operation:
            methods: [GET, "P*"]
"""

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "CONNECT", "OPTIONS", "TRACE")


def check(policy: Manifest, _: World) -> Iterator[Problem]:
    """methods and notMethods; `P*` and `*ST` match by prefix and suffix, `*` all."""
    for path, operation in operations(policy):
        for key in ("methods", "notMethods"):
            for position, method in enumerate(items(operation.get(key))):
                if isinstance(method, str) and not any(_matches(method, known) for known in METHODS):
                    yield Problem(
                        policy,
                        (*path, key, position),
                        f"no HTTP request has the method {method}",
                        f"write {method.upper()}" if method.upper() in METHODS else f"use one of {', '.join(METHODS)}",
                    )


def _matches(pattern: str, method: str) -> bool:
    if pattern.endswith("*"):
        return method.startswith(pattern[:-1])
    return method.endswith(pattern[1:]) if pattern.startswith("*") else method == pattern
