"""A match on `sourceSubnet` never narrows anything: Istio does not read it.

The field exists for TCP matches and is gone for TLS ones; routing by it sends every client down the same route.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import VIRTUAL_SERVICE
from sailwright.lint.rule import Problem
from sailwright.mesh.objects.routing import VirtualService
from sailwright.mesh.world import World

ID = "source-subnet-ignored"
KIND = VIRTUAL_SERVICE
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


def check(virtual_service: VirtualService, _: World) -> Iterator[Problem]:
    """`sourceSubnet` in tcp and tls matches."""
    for path, match in virtual_service.matches("tcp", "tls"):
        if "sourceSubnet" in match:
            yield Problem(
                virtual_service.manifest,
                (*path, "sourceSubnet"),
                "Istio does not read `sourceSubnet`: every client matches",
                "match on sourceLabels or sourceNamespace instead",
                key=True,
            )
