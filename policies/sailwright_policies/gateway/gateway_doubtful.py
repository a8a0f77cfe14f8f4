"""Istio takes this Gateway and warns: part of its TLS settings is ignored.

Unknown cipher suites are dropped, redirects to HTTPS work on HTTP servers only, and a server that passes TLS through uses no
certificate.
"""

from __future__ import annotations

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.rule import Problem
from sailwright.mesh.world import World
from sailwright_policies.validation import webhook_problems

ID = "gateway-doubtful"
SEVERITY: Severity = "warning"
ALIASES = ("IST0133",)
BAD = """
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: reviews, namespace: shop}
spec:
  selector: {istio: ingress}
  servers:
    - port: {number: 443, name: https, protocol: HTTPS}
      hosts: [shop.example.com]
      tls:
        mode: SIMPLE
        credentialName: shop
        cipherSuites: [RC4-MD5]  # finding
"""
GOOD = """
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: reviews, namespace: shop}
spec:
  selector: {istio: ingress}
  servers:
    - port: {number: 443, name: https, protocol: HTTPS}
      hosts: [shop.example.com]
      tls:
        mode: SIMPLE
        credentialName: shop
        cipherSuites: [ECDHE-RSA-AES256-GCM-SHA384]
"""


def check(world: World) -> Iterator[Problem]:
    """Ask the webhook's checks for the kind."""
    return webhook_problems(world, "Gateway", ID)
