"""TLS origination on a port that already carries TLS encrypts twice, and the server understands neither.

A sidecar does not decrypt what an application sends on a TLS or HTTPS port. With `tls.mode: SIMPLE` or `MUTUAL` it wraps that
stream in a second TLS. It works only if the application sends plain HTTP to another port, and a route sends that port to this one.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import DESTINATION_RULE
from sailwright.lint.rule import Problem
from sailwright.mesh.objects.routing import DestinationRule
from sailwright.mesh.queries.traffic_policies import settings_of
from sailwright.mesh.world import World

ID = "tls-origination-over-tls"
KIND = DESTINATION_RULE
SEVERITY: Severity = "warning"
ALIASES: tuple[str, ...] = ()

BAD = """
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: pay, namespace: shop}
spec:
  hosts: [api.pay.example.com]
  resolution: DNS
  ports: [{number: 443, name: https, protocol: HTTPS}]
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: pay, namespace: shop}
spec:
  host: api.pay.example.com
  trafficPolicy:
    tls: {mode: SIMPLE, caCertificates: system}  # finding
"""

GOOD = """
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: pay, namespace: shop}
spec:
  hosts: [api.pay.example.com]
  resolution: DNS
  ports:
    - {number: 80, name: http, protocol: HTTP, targetPort: 443}
    - {number: 443, name: https, protocol: HTTPS}
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: pay, namespace: shop}
spec:
  host: api.pay.example.com
  trafficPolicy:
    portLevelSettings:
      - port: {number: 80}
        tls: {mode: SIMPLE, caCertificates: system}
"""


def check(rule: DestinationRule, mesh: World) -> Iterator[Problem]:
    """SIMPLE and MUTUAL in policies that govern TLS and HTTPS ports alone, unless an http route leads to them."""
    for found in settings_of(rule, mesh.index, "tls"):
        if found.value.get("mode") not in ("SIMPLE", "MUTUAL") or not found.ports:
            continue
        if not all(port.port.protocol.is_tls for port in found.ports):
            continue
        if any(destination.block == "http" for _, destination in mesh.index.routed(rule.host)):
            continue
        yield Problem(
            rule.manifest,
            found.path,
            f"TLS is wrapped in TLS, for the application already speaks it: {found.ports[0]}",
            "remove tls, or let the application speak HTTP to a port declared HTTP and originate TLS for that one",
            key=True,
        )
