"""A client that does not verify the server's certificate talks to whoever answers.

`insecureSkipVerify` switches the check off. Without `caCertificates` the proxies use the operating system's roots
(VERIFY_CERTIFICATE_AT_CLIENT, on since Istio 1.21), so that alone is no fault; `istioctl analyze` still says it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sailwright.diagnostics.finding import Severity
from sailwright.lint.rule import Problem
from sailwright.mesh.objects.routing import DestinationRule
from sailwright.mesh.queries.istioctl_compat import shown
from sailwright.mesh.world import World
from sailwright.source.untyped import mapping

ID = "tls-without-ca"
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


def check(world: World) -> Iterator[Problem]:
    """Look at the TLS settings of each DestinationRule's own policy; its ports have a rule of their own."""
    path = ("spec", "trafficPolicy", "tls")
    for rule in world.index.destination_rules:
        tls = mapping(mapping(rule.manifest.spec.get("trafficPolicy")).get("tls"))
        if world.facts.compat and lacks_ca(rule, tls):
            message = f"tls mode {tls['mode']} for `{rule.written_host}` names no caCertificates"
            yield Problem(rule.manifest, shown(rule.manifest, *path, "caCertificates"), message)
        elif not world.facts.compat and skips_verification(tls):
            yield Problem(rule.manifest, (*path, "insecureSkipVerify"), *unverified(rule))


def lacks_ca(rule: DestinationRule, tls: Mapping[str, Any]) -> bool:
    """What the analyzers ask: a credential stands for its CA only in a rule for selected clients."""
    if tls.get("mode") not in ("SIMPLE", "MUTUAL") or tls.get("caCertificates"):
        return False
    return not (tls.get("credentialName") and rule.manifest.spec.get("workloadSelector") is not None)


def skips_verification(tls: Mapping[str, Any]) -> bool:
    """Whether the server's certificate is taken unseen."""
    return tls.get("mode") in ("SIMPLE", "MUTUAL") and tls.get("insecureSkipVerify") is True


def unverified(rule: DestinationRule) -> tuple[str, str]:
    """Message and remedy."""
    message = f"the certificate of `{rule.written_host}` is not verified: anybody can stand in for it"
    return message, "remove insecureSkipVerify, and name caCertificates if the server's CA is a private one"
