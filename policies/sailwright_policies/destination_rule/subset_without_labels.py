"""A subset without labels is every pod of the host, not a version of it.

It is routed to like a version, and a canary weight on it reaches all of them. Only a subset that exists for its traffic
policy is meant so.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import DESTINATION_RULE
from sailwright.lint.rule import Problem
from sailwright.mesh.objects.routing import DestinationRule
from sailwright.mesh.world import World

ID = "subset-without-labels"
KIND = DESTINATION_RULE
SEVERITY: Severity = "warning"
ALIASES: tuple[str, ...] = ("KIA0209",)

BAD = """
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: reviews, namespace: shop}
spec:
  host: reviews
  subsets:
    - {name: v1, labels: {version: v1}}
    - name: v2  # finding
"""

GOOD = """
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: reviews, namespace: shop}
spec:
  host: reviews
  subsets:
    - {name: v1, labels: {version: v1}}
    - {name: v2, labels: {version: v2}}
    - {name: sticky, trafficPolicy: {loadBalancer: {consistentHash: {useSourceIp: true}}}}
"""


def check(rule: DestinationRule, _: World) -> Iterator[Problem]:
    """Subsets with neither labels nor a policy of their own; at a gateway's server name (`tls.sni`) they have a use."""
    for subset in rule.subsets:
        if not subset.labels and not subset.value.get("trafficPolicy"):
            yield Problem(
                rule.manifest,
                (*subset.path, "name"),
                f"subset {subset.name} has no labels: it is every pod of {rule.written_host}",
                "add the labels of the version, as `labels: {version: ...}`, or remove the subset",
            )
