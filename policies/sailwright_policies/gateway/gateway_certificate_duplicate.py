"""Two Gateways with one certificate make browsers send requests to the wrong one, which answers 404.

A browser that holds an HTTP/2 connection reuses it for every host the certificate covers. The Gateway at its end has no
routes for the other Gateway's hosts.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import GATEWAY
from sailwright.lint.rule import Problem
from sailwright.mesh.index import Index
from sailwright.mesh.objects.routing import Gateway
from sailwright.mesh.objects.selectors import selects
from sailwright.mesh.world import World

ID = "gateway-certificate-duplicate"
KIND = GATEWAY
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


def check(gateway: Gateway, mesh: World) -> Iterator[Problem]:
    """Compare its certificates with those of the Gateways whose pods its selector takes in; each other Gateway is named once."""
    reported: set[str] = set()
    for certificate, gateways in mesh.index.derived(_shared).get(gateway.full_name, ()):
        for other in gateways:
            if other is gateway or other.full_name in reported or not selects(gateway.selector, other.selector):
                continue
            reported.add(other.full_name)
            message = f"the Gateway {other.full_name} has the same certificate ({certificate[0]})"
            remedy = "serve both hosts by one Gateway, or give each its own certificate"
            related = ((other.manifest, ("metadata", "name"), "the other Gateway"),)
            yield Problem(gateway.manifest, ("metadata", "name"), message, remedy, related)


_Certificate = tuple[str, str]


def _shared(index: Index) -> Mapping[str, list[tuple[_Certificate, Collection[Gateway]]]]:
    """The certificates of each Gateway that others have too, with all who have it."""
    holders: dict[_Certificate, dict[str, Gateway]] = {}
    for gateway in index.gateways.values():
        for server in gateway.servers:
            certificate = _certificate(server.tls or {})
            if certificate:
                holders.setdefault(certificate, {})[gateway.full_name] = gateway
    shared: dict[str, list[tuple[_Certificate, Collection[Gateway]]]] = {}
    for certificate, gateways in holders.items():
        for name in gateways if len(gateways) > 1 else ():
            shared.setdefault(name, []).append((certificate, gateways.values()))
    return shared


def _certificate(tls: Mapping[str, Any]) -> _Certificate | None:
    if tls.get("credentialName"):
        return str(tls["credentialName"]), ""
    if tls.get("serverCertificate") and tls.get("privateKey"):
        return str(tls["serverCertificate"]), str(tls["privateKey"])
    return None
