"""TLS origination on a TCP port sends no server name and checks no subject name unless both are written out.

For HTTP ports Istio takes them from the request's host. A TCP port has no host: a server with several certificates answers
with the wrong one, and any certificate of a trusted CA is accepted.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import DESTINATION_RULE
from sailwright.lint.rule import Problem
from sailwright.mesh.objects.routing import DestinationRule
from sailwright.mesh.queries.traffic_policies import all_tcp, settings_of
from sailwright.mesh.world import World

ID = "tls-origination-without-sni"
KIND = DESTINATION_RULE
SEVERITY: Severity = "warning"
ALIASES: tuple[str, ...] = ()

BAD = """
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: db, namespace: shop}
spec:
  hosts: [db.example.com]
  addresses: [10.9.9.9]
  resolution: DNS
  ports: [{number: 5432, name: tcp, protocol: TCP}]
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: db, namespace: shop}
spec:
  host: db.example.com
  trafficPolicy:
    tls: {mode: SIMPLE, caCertificates: system}  # finding
"""

GOOD = """
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: db, namespace: shop}
spec:
  hosts: [db.example.com]
  addresses: [10.9.9.9]
  resolution: DNS
  ports: [{number: 5432, name: tcp, protocol: TCP}]
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: db, namespace: shop}
spec:
  host: db.example.com
  trafficPolicy:
    tls: {mode: SIMPLE, caCertificates: system, sni: db.example.com, subjectAltNames: [db.example.com]}
"""


def check(rule: DestinationRule, mesh: World) -> Iterator[Problem]:
    """SIMPLE and MUTUAL on plain TCP ports without `sni` or `subjectAltNames`."""
    for found in settings_of(rule, mesh.index, "tls"):
        if found.value.get("mode") not in ("SIMPLE", "MUTUAL") or not all_tcp(found.ports):
            continue
        missing = [key for key in ("sni", "subjectAltNames") if not found.value.get(key)]
        if missing and not any(port.port.protocol.is_tls for port in found.ports):
            yield Problem(
                rule.manifest,
                found.path,
                f"TLS without {' and '.join(missing)}, which Istio fills in for HTTP ports only: {found.ports[0]}",
                f"set {' and '.join(missing)} to the server's name",
                key=True,
            )
