"""A server with an unusable certificate refuses every TLS connection.

The Secret needs `tls.crt` and `tls.key` (or `cert` and `key`), the certificate has to be PEM and within its time.
"""

from __future__ import annotations

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import GATEWAY
from sailwright.lint.rule import Problem
from sailwright.mesh.objects.routing import Gateway
from sailwright.mesh.values import kinds
from sailwright.mesh.values.certificate import certificate_fault
from sailwright.mesh.world import World
from sailwright.source.manifest import Manifest
from sailwright.source.untyped import mapping, text

ID = "gateway-credential-invalid"
KIND = GATEWAY
SEVERITY: Severity = "error"
ALIASES = ("IST0161",)
BAD = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: ingressgateway, namespace: ingress}
spec: {template: {metadata: {labels: {istio: ingressgateway}}}}
---
apiVersion: v1
kind: Secret
metadata: {name: shop-cert, namespace: ingress}
stringData: {tls.crt: a certificate, tls.key: a key}
---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: public, namespace: shop}
spec:
  selector: {istio: ingressgateway}
  servers:
    - port: {number: 443, name: https, protocol: HTTPS}
      hosts: [shop.example.com]
      tls:
        mode: SIMPLE
        credentialName: shop-cert  # finding
"""
GOOD = BAD.replace("shop-cert  # finding", "kept-elsewhere")


def check(gateway: Gateway, mesh: World) -> Iterator[Problem]:
    """Read the certificate of each credential whose Secret is in the repository."""
    index = mesh.index
    pods = index.selected(gateway.selector)
    for server in gateway.servers if pods else ():
        name = text((server.tls or {}).get("credentialName"))
        secret = index.find(kinds.SECRET, pods[0].namespace, name) if name and pods[0].namespace else None
        if secret is None or (not index.facts.compat and _is_elsewhere(secret)):
            continue
        fault = certificate_fault(_pairs(secret, plain=not index.facts.compat))
        if fault:
            place = (*server.path, "tls", "credentialName")
            message = f"the Secret `{secret.name}` of this credential is unusable: {fault}"
            yield Problem(gateway.manifest, place, message, "renew it", ((secret, ("metadata", "name"), "the Secret"),))


def _is_elsewhere(secret: Manifest) -> bool:
    """A Secret without content in the repository is filled in by somebody else (sealed, external, by hand)."""
    return not secret.value.get("data") and not secret.value.get("stringData")


def _pairs(secret: Manifest, *, plain: bool) -> dict[str, bytes]:
    """The content of a Secret; the analyzers read `data` alone, the API server merges `stringData` over it."""
    from base64 import b64decode
    from binascii import Error

    found: dict[str, bytes] = {}
    for key, value in mapping(secret.value.get("data")).items():
        try:
            found[key] = b64decode(text(value), validate=False)
        except Error:
            found[key] = b"?"
    if plain:
        found |= {key: text(value).encode() for key, value in mapping(secret.value.get("stringData")).items()}
    return found
