"""A client that does not verify the server's certificate on one port talks there to whoever answers.

Port level settings replace the TLS settings of the whole rule, so that a verified rule can hold an unverified port. See
`tls-without-ca` for what counts as verified.
"""

from __future__ import annotations

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import DESTINATION_RULE
from sailwright.lint.rule import Problem
from sailwright.mesh.objects.routing import DestinationRule
from sailwright.mesh.world import World
from sailwright.source.untyped import entries, get, mapping, number
from sailwright_policies.destination_rule.tls_without_ca import unverified

ID = "port-tls-without-ca"
KIND = DESTINATION_RULE
SEVERITY: Severity = "warning"
ALIASES = ("IST0129",)
BAD = """
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: bank, namespace: shop}
spec:
  host: bank.example.com
  trafficPolicy:
    portLevelSettings:
      - port: {number: 8443}
        tls: {mode: SIMPLE, insecureSkipVerify: true}  # finding
"""
GOOD = """
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: bank, namespace: shop}
spec:
  host: bank.example.com
  trafficPolicy:
    portLevelSettings:
      - port: {number: 8443}
        tls: {mode: SIMPLE, sni: bank.example.com}
"""


def check(rule: DestinationRule, mesh: World) -> Iterator[Problem]:
    """Look at the TLS settings of each port."""
    levels = ("spec", "trafficPolicy", "portLevelSettings")
    for path, level in entries(get(rule.manifest.value, *levels), levels):
        port = number(get(level, "port", "number"))
        server = f"port {port} of `{rule.written_host}`"
        yield from unverified(rule, mesh, (*path, "tls"), mapping(level.get("tls")), server)
