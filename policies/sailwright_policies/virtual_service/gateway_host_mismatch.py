"""A VirtualService none of whose hosts the gateway serves gets no request from it.

A gateway takes only the hosts of its servers, and a `namespace/` before such a host keeps other namespaces out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import VIRTUAL_SERVICE
from sailwright.lint.rule import Problem
from sailwright.mesh.index import Index
from sailwright.mesh.objects.routing import MESH, Gateway, VirtualService, gateway_name, is_generated_gateway
from sailwright.mesh.values import kinds
from sailwright.mesh.values.hosts import overlap
from sailwright.mesh.world import World
from sailwright.source.placeholders import has_placeholder
from sailwright.source.untyped import entries, text, texts

ID = "gateway-host-mismatch"
KIND = VIRTUAL_SERVICE
SEVERITY: Severity = "warning"
ALIASES = ("IST0132",)
BAD = """
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: public, namespace: ingress}
spec:
  selector: {istio: ingressgateway}
  servers:
    - {port: {number: 80, name: http, protocol: HTTP}, hosts: ["*.shop.example.com"]}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: shop, namespace: shop}
spec:
  hosts: [checkout.example.com]
  gateways: [ingress/public]  # finding
"""
GOOD = """
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: public, namespace: ingress}
spec:
  selector: {istio: ingressgateway}
  servers:
    - {port: {number: 80, name: http, protocol: HTTP}, hosts: ["shop/*.example.com"]}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: shop, namespace: shop}
spec:
  hosts: [shop.example.com]
  gateways: [ingress/public]
"""


def check(virtual_service: VirtualService, mesh: World) -> Iterator[Problem]:
    """Compare the hosts of each VirtualService with those of each gateway it names."""
    index = mesh.index
    hosts = texts(virtual_service.manifest.spec.get("hosts"))
    for position, reference in enumerate(virtual_service.gateways):
        if reference == MESH or is_generated_gateway(reference):
            continue
        name = gateway_name(reference, virtual_service.namespace)
        served = _served(index, name, virtual_service.namespace)
        if not index.facts.compat and (served is None or any(map(has_placeholder, served))):
            continue
        if not any(overlap(mine, host) for mine in served or () for host in hosts):
            shown_name = name if virtual_service.manifest.namespace else reference
            message = f"the gateway `{shown_name}` serves none of the hosts {', '.join(hosts) or '(there are none)'}"
            shown = ", ".join(dict.fromkeys(served or ())) or "nothing here"
            remedy = f"for this namespace it serves {shown}: change a host or its servers"
            yield Problem(virtual_service.manifest, ("spec", "gateways", position), message, remedy)


def _served(index: Index, name: str, namespace: str) -> Sequence[str] | None:
    """The hosts that a gateway serves to a namespace, None where the gateway is not in the repository, or has a server without
    hosts, so that istiod refuses it.

    Up to 1.31 the analyzers know no Kubernetes Gateways, so that no host ever matches one.
    """
    gateway = index.gateways.get(name)
    if gateway:
        refused = any(not server.hosts for server in gateway.servers)
        return None if refused and not index.facts.compat else _servers_hosts(gateway, namespace)
    place, _, short = name.partition("/")
    kubernetes = index.find(kinds.KUBERNETES_GATEWAY, place, short)
    if kubernetes is None or index.facts.compat:
        return None
    return [text(listener.get("hostname")) or "*" for _, listener in entries(kubernetes.spec.get("listeners"), ())]


def _servers_hosts(gateway: Gateway, namespace: str) -> list[str]:
    found = []
    for server in gateway.servers:
        for host in server.hosts:
            place, slash, bare = host.partition("/")
            allowed = gateway.namespace if place == "." else place
            if not slash:
                found.append(host)
            elif allowed in ("*", namespace):
                found.append(bare)
    return found
