"""A tunnel is built for TCP and TLS only: HTTP requests go past it.

`trafficPolicy.tunnel` is an option of the TCP proxy. To send HTTP through a forward proxy, declare the port as TCP or TLS.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import DESTINATION_RULE
from sailwright.lint.rule import Problem
from sailwright.mesh.objects.routing import DestinationRule
from sailwright.mesh.queries.traffic_policies import settings_of
from sailwright.mesh.world import World

ID = "tunnel-on-http-port"
KIND = DESTINATION_RULE
SEVERITY: Severity = "warning"
ALIASES: tuple[str, ...] = ()

BAD = """
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: partner, namespace: shop}
spec:
  hosts: [partner.example.com]
  resolution: DNS
  ports: [{number: 80, name: http, protocol: HTTP}]
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: partner, namespace: shop}
spec:
  host: partner.example.com
  trafficPolicy:
    tunnel: {protocol: CONNECT, targetHost: partner.example.com, targetPort: 80}  # finding
"""

GOOD = """
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: partner, namespace: shop}
spec:
  hosts: [partner.example.com]
  resolution: DNS
  ports: [{number: 443, name: tls, protocol: TLS}]
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: partner, namespace: shop}
spec:
  host: partner.example.com
  trafficPolicy:
    tunnel: {protocol: CONNECT, targetHost: partner.example.com, targetPort: 443}
"""


def check(rule: DestinationRule, mesh: World) -> Iterator[Problem]:
    """`tunnel` in policies all of whose ports are HTTP."""
    for found in settings_of(rule, mesh.index, "tunnel"):
        if found.ports and all(port.port.protocol.is_http for port in found.ports):
            yield Problem(
                rule.manifest,
                found.path,
                f"tunnel has no effect: {found.ports[0]}",
                "declare the port as TCP or TLS, or remove the tunnel",
                key=True,
            )
