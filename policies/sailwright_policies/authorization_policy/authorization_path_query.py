"""A path with a query or a fragment matches no request: what is compared is the path alone.

The proxy cuts off what follows `?` or `#` before it looks at the rules. An ALLOW rule with such a path allows no request, a DENY
rule denies none.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import AUTHORIZATION_POLICY
from sailwright.lint.rule import Problem
from sailwright.mesh.queries.authorization_policies import operations
from sailwright.mesh.world import World
from sailwright.source.manifest import Manifest
from sailwright.source.untyped import items

ID = "authorization-path-query"
KIND = AUTHORIZATION_POLICY
SEVERITY: Severity = "warning"
ALIASES: tuple[str, ...] = ()

BAD = """
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: cart, namespace: shop}
spec:
  action: DENY
  rules:
    - to:
        - operation:
            paths:
              - /internal?debug=1  # finding
"""

GOOD = """
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: cart, namespace: shop}
spec:
  action: DENY
  rules: [{to: [{operation: {paths: [/internal, /internal/*]}}]}]
"""


def check(policy: Manifest, _: World) -> Iterator[Problem]:
    """The paths of operations."""
    for path, operation in operations(policy):
        for key in ("paths", "notPaths"):
            for position, written in enumerate(items(operation.get(key))):
                if isinstance(written, str) and ("?" in written or "#" in written):
                    message = f"no request has the path `{written}`: it is compared without its query and fragment"
                    yield Problem(policy, (*path, key, position), message, "leave out what follows the path")
