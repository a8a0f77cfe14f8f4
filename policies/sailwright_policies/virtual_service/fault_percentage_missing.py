"""A fault without a percentage never happens: it applies to 0 percent of the requests.

The test that relies on it passes because nothing was injected.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.rule import Problem
from sailwright.mesh.world import World
from sailwright.source.untyped import get

ID = "fault-percentage-missing"
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


def check(world: World) -> Iterator[Problem]:
    """Delays and aborts without `percentage` (or the old `percent`)."""
    for service in world.index.virtual_services:
        for path, rule in service.rules("http"):
            for kind in ("delay", "abort"):
                fault = get(rule, "fault", kind)
                if isinstance(fault, dict) and fault and not fault.get("percentage") and not fault.get("percent"):
                    yield Problem(
                        service.manifest,
                        (*path, "fault", kind),
                        f"the {kind} never happens: without a percentage it applies to 0% of the requests",
                        "add `percentage: {value: 100}`, or whatever share is meant",
                        key=True,
                    )
