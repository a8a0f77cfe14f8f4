"""A fault without a percentage never happens: it applies to 0 percent of the requests.

The test that relies on it passes because nothing was injected.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import VIRTUAL_SERVICE
from sailwright.lint.rule import Problem
from sailwright.mesh.objects.routing import VirtualService
from sailwright.mesh.world import World
from sailwright.source.untyped import get

ID = "fault-percentage-missing"
KIND = VIRTUAL_SERVICE
SEVERITY: Severity = "warning"
ALIASES: tuple[str, ...] = ()

BAD = """
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: ratings, namespace: shop}
spec:
  hosts: [ratings]
  http:
    - fault:
        delay: {fixedDelay: 5s}  # finding
      route: [{destination: {host: ratings}}]
"""

GOOD = """
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: ratings, namespace: shop}
spec:
  hosts: [ratings]
  http:
    - fault:
        delay: {fixedDelay: 5s, percentage: {value: 100}}
      route: [{destination: {host: ratings}}]
"""


def check(virtual_service: VirtualService, _: World) -> Iterator[Problem]:
    """Delays and aborts without `percentage` (or the old `percent`)."""
    for path, rule in virtual_service.rules("http"):
        for kind in ("delay", "abort"):
            fault = get(rule, "fault", kind)
            if isinstance(fault, dict) and fault and not fault.get("percentage") and not fault.get("percent"):
                yield Problem(
                    virtual_service.manifest,
                    (*path, "fault", kind),
                    f"the {kind} never happens: without a percentage it applies to 0% of the requests",
                    "add `percentage: {value: 100}`, or whatever share is meant",
                    key=True,
                )
