"""Two Gateways on the same pods that serve one host on one port leave it to chance which settings count.

Istio merges the servers of all Gateways of a pod. Where two of them claim one port and host, the older one's TLS
settings win and the other's are dropped.
"""

from __future__ import annotations

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.rule import Problem
from sailwright.mesh.index import Index
from sailwright.mesh.objects.routing import Gateway, Server
from sailwright.mesh.objects.selectors import selector_text
from sailwright.mesh.queries.istioctl_compat import near_selectors
from sailwright.mesh.world import World

ID = "gateway-conflict"
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


def check(world: World) -> Iterator[Problem]:
    """Compare the servers of Gateways that share pods. Plain HTTP servers are merged, so they are no conflict."""
    return _analysed(world.index) if world.facts.compat else _judged(world.index)


def _judged(index: Index) -> Iterator[Problem]:
    claims: dict[tuple[str, int, str, str], list[tuple[Gateway, Server, int]]] = {}
    for gateway in index.gateways.values():
        for server in gateway.servers:
            for position, host in enumerate(server.hosts if server.tls else ()):
                key = (selector_text(gateway.selector), server.port, server.bind, host)
                claims.setdefault(key, []).append((gateway, server, position))
    for (_, port, _, host), found in claims.items():
        if len({gateway.full_name for gateway, _, _ in found}) < 2 or _all_alike(found):
            continue
        for gateway, server, position in found:
            others = tuple(
                (other.manifest, (*there.path, "hosts", place), "claimed here too")
                for other, there, place in found
                if other is not gateway
            )
            message = (
                f"port {port} and host `{host}` have several Gateways with different TLS settings on the same pods"
            )
            yield Problem(gateway.manifest, (*server.path, "hosts", position), message, "keep one of them", others)


def _all_alike(found: list[tuple[Gateway, Server, int]]) -> bool:
    first = found[0][1]
    return all((server.tls, server.protocol) == (first.tls, first.protocol) for _, server, _ in found)


_Known = dict[tuple[str, int], dict[str, dict[str, str]]]
"""Selector and port to Gateway to host to bind; of several servers on one port the last counts."""


def _analysed(index: Index) -> Iterator[Problem]:
    known: _Known = {}
    for gateway in index.gateways.values():
        for server in gateway.servers:
            group = known.setdefault((selector_text(gateway.selector), server.port), {})
            group[gateway.full_name] = dict.fromkeys(server.hosts, server.bind)
    near = near_selectors(index)
    for gateway in index.gateways.values():
        own = selector_text(gateway.selector)
        for server in gateway.servers:
            others = [
                name
                for text in near[gateway.full_name]
                for name, hosts in known.get((text, server.port), {}).items()
                if name != gateway.full_name and _claimed(server, hosts)
            ]
            if others:
                names, hosts = ",".join(sorted(others)), ",".join(server.hosts)
                message = f"conflicts with the gateways {names} (selector {own}, port {server.port}, hosts {hosts})"
                yield Problem(gateway.manifest, (), message, "keep one of them")


def _claimed(server: Server, hosts: dict[str, str]) -> bool:
    """Whether a host of the server is known with its bind. If none is, they all are from now on, as in Istio's own."""
    if any(hosts.get(host, None if server.bind else "\0") == server.bind for host in server.hosts):
        return True
    hosts.update(dict.fromkeys(server.hosts, server.bind))
    return False
