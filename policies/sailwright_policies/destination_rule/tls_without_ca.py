"""A client that does not verify the server's certificate talks to whoever answers.

`insecureSkipVerify` switches the check off. Without `caCertificates` the proxies use the operating system's roots
(VERIFY_CERTIFICATE_AT_CLIENT, on since Istio 1.21), so that alone is no fault; `istioctl analyze` still says it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sailwright.diagnostics.finding import Path, Severity
from sailwright.lint.kinds import DESTINATION_RULE
from sailwright.lint.rule import Problem
from sailwright.mesh.objects.routing import DestinationRule
from sailwright.mesh.world import World
from sailwright.source.untyped import get, mapping

ID = "tls-without-ca"
KIND = DESTINATION_RULE
SEVERITY: Severity = "warning"
ALIASES = ("IST0128",)
BAD = """
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: bank, namespace: shop}
spec:
  host: bank.example.com
  trafficPolicy:
    tls:
      mode: SIMPLE
      insecureSkipVerify: true  # finding
"""
GOOD = """
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: bank, namespace: shop}
spec:
  host: bank.example.com
  trafficPolicy: {tls: {mode: SIMPLE, sni: bank.example.com}}
"""


def check(rule: DestinationRule, mesh: World) -> Iterator[Problem]:
    """Look at the TLS settings of its own policy; its ports have a rule of their own."""
    tls = mapping(get(rule.manifest.spec, "trafficPolicy", "tls"))
    return unverified(rule, mesh, ("spec", "trafficPolicy", "tls"), tls, f"`{rule.written_host}`")


def unverified(
    rule: DestinationRule, mesh: World, path: Path, tls: Mapping[str, Any], server: str
) -> Iterator[Problem]:
    """TLS settings that take the server's certificate unseen. The analyzers ask for its CA, which Istio does not need."""
    if tls.get("mode") not in ("SIMPLE", "MUTUAL"):
        return
    if mesh.facts.compat:
        by_credential = tls.get("credentialName") and rule.manifest.spec.get("workloadSelector") is not None
        if not tls.get("caCertificates") and not by_credential:
            message = f"tls mode {tls['mode']} for {server} names no caCertificates"
            yield Problem(rule.manifest, (*path, "caCertificates"), message)
    elif tls.get("insecureSkipVerify") is True:
        message = f"the certificate of `{rule.written_host}` is not verified: anybody can stand in for it"
        remedy = "remove insecureSkipVerify, and name caCertificates if the server's CA is a private one"
        yield Problem(rule.manifest, (*path, "insecureSkipVerify"), message, remedy)
