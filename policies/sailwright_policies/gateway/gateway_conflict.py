"""Two Gateways on the same pods that serve one host on one port leave it to chance which settings count.

Istio merges the servers of all Gateways of a pod. Where two of them claim one port and host, the older one's TLS
settings win and the other's are dropped.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import GATEWAY
from sailwright.lint.rule import Problem
from sailwright.mesh.index import Index
from sailwright.mesh.objects.routing import Gateway, Server
from sailwright.mesh.objects.selectors import selector_text
from sailwright.mesh.world import World
from sailwright_policies import istioctl_analyzers

ID = "gateway-conflict"
KIND = GATEWAY
SEVERITY: Severity = "error"
ALIASES = ("IST0145", "KIA0301")
BAD = """
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: shop, namespace: ingress}
spec:
  selector: {istio: ingressgateway}
  servers:
    - port: {number: 443, name: https, protocol: HTTPS}
      hosts: [shop.example.com]  # finding
      tls: {mode: SIMPLE, credentialName: shop-cert}
---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: shop-again, namespace: ingress}
spec:
  selector: {istio: ingressgateway}
  servers:
    - port: {number: 443, name: https, protocol: HTTPS}
      hosts: [shop.example.com]  # finding
      tls: {mode: PASSTHROUGH}
"""
GOOD = BAD.replace("  # finding", "").replace(
    "[shop.example.com]\n      tls: {mode: P", "[pay.example.com]\n      tls: {mode: P"
)


COMPAT = istioctl_analyzers.GATEWAY_CONFLICT


def check(gateway: Gateway, mesh: World) -> Iterator[Problem]:
    """Compare the servers of Gateways that share pods. Plain HTTP servers are merged, so they are no conflict."""
    claims = mesh.index.derived(_claims)
    for key, server, position in _claimed(gateway):
        found = claims[key]
        if len({each.full_name for each, _, _ in found}) < 2 or _all_alike(found):
            continue
        others = tuple(
            (other.manifest, (*there.path, "hosts", place), "claimed here too")
            for other, there, place in found
            if other is not gateway
        )
        host = server.hosts[position]
        message = (
            f"port {server.port} and host `{host}` have several Gateways with different TLS settings on the same pods"
        )
        yield Problem(gateway.manifest, (*server.path, "hosts", position), message, "keep one of them", others)


_Key = tuple[str, int, str, str]
"""The selector of a Gateway, and the port, the bind and one host of a server."""

_Claim = tuple[Gateway, Server, int]
"""A host of a server of a Gateway, by its position."""


def _claimed(gateway: Gateway) -> Iterator[tuple[_Key, Server, int]]:
    """What the servers of a Gateway with TLS settings claim."""
    selector = selector_text(gateway.selector)
    for server in gateway.servers:
        for position, host in enumerate(server.hosts if server.tls else ()):
            yield (selector, server.port, server.bind, host), server, position


def _claims(index: Index) -> Mapping[_Key, list[_Claim]]:
    found: dict[_Key, list[_Claim]] = {}
    for gateway in index.gateways.values():
        for key, server, position in _claimed(gateway):
            found.setdefault(key, []).append((gateway, server, position))
    return found


def _all_alike(found: list[_Claim]) -> bool:
    first = found[0][1]
    return all((server.tls, server.protocol) == (first.tls, first.protocol) for _, server, _ in found)
