"""Two Gateways that ask for one address get it in an order that nobody controls, or one of them none.

Each Kubernetes Gateway has a Service of its own.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Path, Severity
from sailwright.lint.rule import Problem
from sailwright.mesh.values import kinds
from sailwright.mesh.world import World
from sailwright.source.manifest import Manifest
from sailwright.source.untyped import entries, text

ID = "gateway-address-shared"
SEVERITY: Severity = "warning"
ALIASES: tuple[str, ...] = ("KIA1502",)

BAD = """
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: public, namespace: ingress}
spec:
  gatewayClassName: istio
  addresses: [{type: IPAddress, value: 203.0.113.7}]
  listeners: [{name: http, port: 80, protocol: HTTP}]
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: partners, namespace: ingress}
spec:
  gatewayClassName: istio
  addresses:
    - {type: IPAddress, value: 203.0.113.7}  # finding
  listeners: [{name: http, port: 80, protocol: HTTP}]
"""

GOOD = """
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: public, namespace: ingress}
spec:
  gatewayClassName: istio
  addresses: [{type: IPAddress, value: 203.0.113.7}]
  listeners: [{name: http, port: 80, protocol: HTTP}]
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: partners, namespace: ingress}
spec:
  gatewayClassName: istio
  addresses: [{type: IPAddress, value: 203.0.113.8}]
  listeners: [{name: http, port: 80, protocol: HTTP}]
"""


def check(world: World) -> Iterator[Problem]:
    """Addresses of Kubernetes Gateways; a host name is the Service of a gateway that others run, and may be shared."""
    first: dict[str, tuple[Manifest, Path]] = {}
    for manifest in world.index.of(kinds.KUBERNETES_GATEWAY):
        for path, address in entries(manifest.spec.get("addresses"), ("spec", "addresses")):
            value = text(address.get("value"))
            if address.get("type", "IPAddress") != "IPAddress" or not value:
                continue
            other, place = first.setdefault(value, (manifest, path))
            if other is not manifest and other.name != manifest.name:
                yield Problem(
                    manifest,
                    path,
                    f"Gateway {other.name} asks for the address {value} too",
                    "give each Gateway an address of its own, or merge them",
                    related=((other, place, "the other Gateway"),),
                )
