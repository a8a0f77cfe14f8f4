"""A hash set for one port is used only by routes that name this port; all others go to random pods.

Istio looks for the port level hash by the `destination.port` of the route. A route that leaves the port out (it then means
the port of the request) gets the ring without a hash key.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import DESTINATION_RULE
from sailwright.lint.rule import Problem
from sailwright.mesh.objects.routing import DestinationRule
from sailwright.mesh.queries.traffic_policies import all_tcp, settings_of
from sailwright.mesh.world import World
from sailwright.source.untyped import get

ID = "port-level-hash-needs-route-port"
KIND = DESTINATION_RULE
SEVERITY: Severity = "warning"
ALIASES: tuple[str, ...] = ()

BAD = """
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: cart, namespace: shop}
spec:
  host: cart
  trafficPolicy:
    portLevelSettings:
      - port: {number: 8080}
        loadBalancer: {consistentHash: {httpHeaderName: x-user}}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: cart, namespace: shop}
spec:
  hosts: [cart]
  http:
    - route:
        - destination: {host: cart}  # finding
"""

GOOD = """
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: cart, namespace: shop}
spec:
  host: cart
  trafficPolicy:
    portLevelSettings:
      - port: {number: 8080}
        loadBalancer: {consistentHash: {httpHeaderName: x-user}}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: cart, namespace: shop}
spec:
  hosts: [cart]
  http:
    - route:
        - destination: {host: cart, port: {number: 8080}}
"""


def check(rule: DestinationRule, mesh: World) -> Iterator[Problem]:
    """Http routes without a port to a host whose only hash is set for a port."""
    for found in settings_of(rule, mesh.index, "loadBalancer", "consistentHash"):
        top = get(rule.manifest.spec, "trafficPolicy", "loadBalancer", "consistentHash")
        if found.policy.port is None or found.policy.subset or top is not None or all_tcp(found.ports):
            continue
        for service, destination in mesh.index.routed(rule.host):
            if destination.block == "http" and not destination.is_mirror and destination.port is None:
                yield Problem(
                    service.manifest,
                    destination.path,
                    f"the hash for port {found.policy.port} of {rule.host} is not used by a route without a port",
                    f"add `port: {{number: {found.policy.port}}}` to the destination",
                    related=((rule.manifest, found.path, "the hash is set here"),),
                )
