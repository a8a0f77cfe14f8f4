"""A subset without labels is every pod of the host, not a version of it.

It is routed to like a version, and a canary weight on it reaches all of them. Only a subset that exists for its traffic
policy is meant so.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import DESTINATION_RULE
from sailwright.lint.rule import Problem
from sailwright.mesh.index import Index
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


def check(rule: DestinationRule, mesh: World) -> Iterator[Problem]:
    """Subsets with neither labels nor a policy of their own.

    In front of a gateway they have a use: the documented egress gateway has one per outside host, each with its own name.
    """
    for subset in () if _is_gateway(rule, mesh.index) else rule.subsets:
        if not subset.labels and not subset.value.get("trafficPolicy"):
            yield Problem(
                rule.manifest,
                (*subset.path, "name"),
                f"subset {subset.name} has no labels: it is every pod of {rule.written_host}",
                "add the labels of the version, as `labels: {version: ...}`, or remove the subset",
            )


def _is_gateway(rule: DestinationRule, index: Index) -> bool:
    """Whether the host is a gateway's: its pods run the proxy alone, or its name says so."""
    service = index.registry.service(rule.host, rule.namespace)
    pods = index.backends(service) if service else ()
    if pods:
        return all(pod.is_gateway for pod in pods)
    return rule.host.partition(".")[0].endswith("gateway")
