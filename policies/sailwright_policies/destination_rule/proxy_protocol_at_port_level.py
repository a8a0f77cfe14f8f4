"""The PROXY protocol cannot be set for a single port: under portLevelSettings the field is unknown.

Port level settings have loadBalancer, connectionPool, outlierDetection and tls. An unknown field is dropped by the API server,
and the server then waits for a header that never comes.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import DESTINATION_RULE
from sailwright.lint.rule import Problem
from sailwright.mesh.objects.routing import DestinationRule
from sailwright.mesh.world import World

ID = "proxy-protocol-at-port-level"
KIND = DESTINATION_RULE
SEVERITY: Severity = "error"
ALIASES: tuple[str, ...] = ()
REPLACES = ("schema-violation",)

BAD = """
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: orders, namespace: shop}
spec:
  host: orders
  trafficPolicy:
    portLevelSettings:
      - port: {number: 9000}
        proxyProtocol: {version: V2}  # finding
"""

GOOD = """
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: orders, namespace: shop}
spec:
  host: orders
  trafficPolicy:
    proxyProtocol: {version: V2}
"""

KNOWN = ("port", "loadBalancer", "connectionPool", "outlierDetection", "tls")


def check(rule: DestinationRule, _: World) -> Iterator[Problem]:
    """What only a whole policy can have, under portLevelSettings: proxyProtocol, tunnel and retryBudget."""
    for policy in rule.policies:
        for key in ("proxyProtocol", "tunnel", "retryBudget"):
            if policy.port is not None and key in policy.value:
                yield Problem(
                    rule.manifest,
                    policy.at(key),
                    f"portLevelSettings has no `{key}`",
                    "move it to the trafficPolicy of the DestinationRule or of a subset",
                    key=True,
                )
