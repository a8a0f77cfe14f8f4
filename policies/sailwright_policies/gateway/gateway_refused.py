"""A Gateway that Istio's webhook refuses is never applied: the port stays closed or keeps its old hosts.

istiod checks hosts, port names and protocols, and that TLS settings fit the protocol and are complete.
"""

from __future__ import annotations

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.rule import Problem
from sailwright.mesh.world import World
from sailwright_policies.validation import webhook_problems

ID = "gateway-refused"
SEVERITY: Severity = "error"
ALIASES = ("IST0106",)
BAD = """
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: reviews, namespace: shop}
spec:
  selector: {istio: ingress}
  servers:
    - port: {number: 443, name: https, protocol: HTTPS}
      hosts: [shop.example.com]
      tls:  # finding (2)
        mode: SIMPLE
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
"""


def check(world: World) -> Iterator[Problem]:
    """Ask the webhook's checks for the kind."""
    return webhook_problems(world, "Gateway", ID)
