"""A fault injected in production fails real requests.

Fault injection belongs in a test environment, or behind a match that only testers satisfy. The names of production
environments are a parameter.
"""

from collections.abc import Iterator, Sequence

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import VIRTUAL_SERVICE
from sailwright.lint.rule import Example, Problem
from sailwright.mesh.objects.routing import VirtualService
from sailwright.mesh.world import World
from sailwright.source.untyped import entries

ID = "fault-in-production"
KIND = VIRTUAL_SERVICE
SEVERITY: Severity = "warning"
ALIASES: tuple[str, ...] = ()
PARAMETERS = {"environments": "the names of environments that serve real users"}

BAD = Example(
    """
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: ratings, namespace: shop}
spec:
  hosts: [ratings]
  http:
    - fault:  # finding
        abort: {httpStatus: 503, percentage: {value: 10}}
      route: [{destination: {host: ratings}}]
""",
    environment="prod",
)
GOOD = (
    Example(BAD.text.replace("  # finding", ""), environment="staging"),
    Example(
        """
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: ratings, namespace: shop}
spec:
  hosts: [ratings]
  http:
    - match: [{headers: {x-tester: {exact: chaos}}}]
      fault:
        abort: {httpStatus: 503, percentage: {value: 100}}
      route: [{destination: {host: ratings}}]
    - route: [{destination: {host: ratings}}]
""",
        environment="prod",
    ),
)


NARROW = {"headers", "withoutHeaders", "queryParams", "sourceLabels", "sourceNamespace", "port", "gateways"}


def check(
    virtual_service: VirtualService, mesh: World, *, environments: Sequence[str] = ("prod", "production", "live")
) -> Iterator[Problem]:
    """Faults in rules that any user's request may match: those without a header, parameter or source to match."""
    if mesh.environment not in environments:
        return
    for path, rule in virtual_service.rules("http"):
        matches = [match for _, match in entries(rule.get("match"), ())]
        if rule.get("fault") and not (matches and all(NARROW & match.keys() for match in matches)):
            yield Problem(
                virtual_service.manifest,
                (*path, "fault"),
                f"this fault hits real users in {mesh.environment}",
                "remove it, or match on a header that only testers send",
                key=True,
            )
