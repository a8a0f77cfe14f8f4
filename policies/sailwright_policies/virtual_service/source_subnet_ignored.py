"""A match on `sourceSubnet` never narrows anything: Istio does not read it.

The field exists for TCP matches and is gone for TLS ones; routing by it sends every client down the same route.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.rule import Problem
from sailwright.mesh.world import World
from sailwright.source.untyped import entries

ID = "source-subnet-ignored"
SEVERITY: Severity = "warning"
ALIASES: tuple[str, ...] = ()

BAD = """
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: orders, namespace: shop}
spec:
  hosts: [orders]
  tcp:
    - match:
        - sourceSubnet: 10.1.0.0/16  # finding
      route: [{destination: {host: orders, subset: v2}}]
"""

GOOD = """
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: orders, namespace: shop}
spec:
  hosts: [orders]
  tcp:
    - match: [{sourceLabels: {app: staff-client}}]
      route: [{destination: {host: orders, subset: v2}}]
"""


def check(world: World) -> Iterator[Problem]:
    """`sourceSubnet` in tcp and tls matches."""
    for service in world.index.virtual_services:
        for block in ("tcp", "tls"):
            for path, rule in entries(service.manifest.spec.get(block), ("spec", block)):
                for match, value in entries(rule.get("match"), (*path, "match")):
                    if "sourceSubnet" in value:
                        yield Problem(
                            service.manifest,
                            (*match, "sourceSubnet"),
                            "Istio does not read `sourceSubnet`: every client matches",
                            "match on sourceLabels or sourceNamespace instead",
                            key=True,
                        )
