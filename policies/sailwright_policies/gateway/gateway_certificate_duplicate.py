"""Two Gateways with one certificate make browsers send requests to the wrong one, which answers 404.

A browser that holds an HTTP/2 connection reuses it for every host the certificate covers. The Gateway at its end has no
routes for the other Gateway's hosts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sailwright.diagnostics.finding import Severity
from sailwright.lint.rule import Problem
from sailwright.mesh.index import Index
from sailwright.mesh.objects.routing import Gateway
from sailwright.mesh.objects.selectors import selects
from sailwright.mesh.world import World

ID = "gateway-certificate-duplicate"
SEVERITY: Severity = "warning"
ALIASES = ("IST0138",)
BAD = """
apiVersion: networking.istio.io/v1
kind: Gateway
metadata:
  name: shop  # finding
  namespace: ingress
spec:
  selector: {istio: ingressgateway}
  servers:
    - port: {number: 443, name: https, protocol: HTTPS}
      hosts: [shop.example.com]
      tls: {mode: SIMPLE, credentialName: example-cert}
---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata:
  name: pay  # finding
  namespace: ingress
spec:
  selector: {istio: ingressgateway}
  servers:
    - port: {number: 443, name: https, protocol: HTTPS}
      hosts: [pay.example.com]
      tls: {mode: SIMPLE, credentialName: example-cert}
"""
GOOD = """
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: public, namespace: ingress}
spec:
  selector: {istio: ingressgateway}
  servers:
    - port: {number: 443, name: https, protocol: HTTPS}
      hosts: [shop.example.com, pay.example.com]
      tls: {mode: SIMPLE, credentialName: example-cert}
"""


def check(world: World) -> Iterator[Problem]:
    """Compare the certificates of Gateways whose selector takes in another's; a pair of Gateways is told once."""
    told: set[tuple[str, str]] = set()
    for certificate, gateways in _by_certificate(world.index).items():
        for gateway in gateways:
            for other in gateways:
                pair = (gateway.full_name, other.full_name)
                if other is not gateway and pair not in told and selects(gateway.selector, other.selector):
                    told.add(pair)
                    message = f"the Gateway {other.full_name} has the same certificate ({certificate[0]})"
                    remedy = "serve both hosts by one Gateway, or give each its own certificate"
                    related = ((other.manifest, ("metadata", "name"), "the other Gateway"),)
                    yield Problem(gateway.manifest, ("metadata", "name"), message, remedy, related)


def _by_certificate(index: Index) -> dict[tuple[str, str], list[Gateway]]:
    found: dict[tuple[str, str], dict[str, Gateway]] = {}
    for gateway in index.gateways.values():
        for server in gateway.servers:
            certificate = _certificate(server.tls or {})
            if certificate:
                found.setdefault(certificate, {})[gateway.full_name] = gateway
    return {certificate: list(gateways.values()) for certificate, gateways in found.items()}


def _certificate(tls: Mapping[str, Any]) -> tuple[str, str] | None:
    if tls.get("credentialName"):
        return str(tls["credentialName"]), ""
    if tls.get("serverCertificate") and tls.get("privateKey"):
        return str(tls["serverCertificate"]), str(tls["privateKey"])
    return None
