"""A client that does not verify the server's certificate on one port talks there to whoever answers.

Port level settings replace the TLS settings of the whole rule, so that a verified rule can hold an unverified port. See
`tls-without-ca` for what counts as verified.
"""

from __future__ import annotations

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.rule import Problem
from sailwright.mesh.queries.istioctl_compat import shown
from sailwright.mesh.world import World
from sailwright.source.untyped import entries, get, mapping, number
from sailwright_policies.destination_rule.tls_without_ca import lacks_ca, skips_verification, unverified

ID = "port-tls-without-ca"
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


def check(world: World) -> Iterator[Problem]:
    """Look at the TLS settings of each port of each DestinationRule."""
    settings = ("spec", "trafficPolicy", "portLevelSettings")
    for rule in world.index.destination_rules:
        for path, value in entries(get(rule.manifest.value, *settings), settings):
            tls = mapping(value.get("tls"))
            if world.facts.compat and lacks_ca(rule, tls):
                port = number(mapping(value.get("port")).get("number"))
                message = f"tls mode {tls['mode']} for port {port} of `{rule.written_host}` names no caCertificates"
                yield Problem(rule.manifest, shown(rule.manifest, *path, "tls", "caCertificates"), message)
            elif not world.facts.compat and skips_verification(tls):
                yield Problem(rule.manifest, (*path, "tls", "insecureSkipVerify"), *unverified(rule))
