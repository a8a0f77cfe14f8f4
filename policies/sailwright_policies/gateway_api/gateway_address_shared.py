"""If two Gateways request one address, it is undefined which of them gets it.

Each Kubernetes Gateway has its own Service.
"""

from collections.abc import Iterator, Mapping

from sailwright.diagnostics.finding import Path, Severity
from sailwright.lint.kinds import KUBERNETES_GATEWAY
from sailwright.lint.rule import Problem
from sailwright.mesh.index import Index
from sailwright.mesh.values import kinds
from sailwright.mesh.world import World
from sailwright.source.manifest import Manifest
from sailwright.source.untyped import entries, text

ID = "gateway-address-shared"
KIND = KUBERNETES_GATEWAY
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


def check(gateway: Manifest, mesh: World) -> Iterator[Problem]:
    """Addresses of Kubernetes Gateways; a host name is the Service of a gateway that others run, and may be shared."""
    for path, address in _addresses(gateway):
        other, place = mesh.index.derived(_first)[address]
        if other is not gateway and other.name != gateway.name:
            yield Problem(
                gateway,
                path,
                f"Gateway {other.name} asks for the address {address} too",
                "give each Gateway an address of its own, or merge them",
                related=((other, place, "the other Gateway"),),
            )


def _addresses(gateway: Manifest) -> Iterator[tuple[Path, str]]:
    for path, address in entries(gateway.spec.get("addresses"), ("spec", "addresses")):
        value = text(address.get("value"))
        if address.get("type", "IPAddress") == "IPAddress" and value:
            yield path, value


def _first(index: Index) -> Mapping[str, tuple[Manifest, Path]]:
    """The first Gateway that asks for each address."""
    found: dict[str, tuple[Manifest, Path]] = {}
    for gateway in index.of(kinds.KUBERNETES_GATEWAY):
        for path, address in _addresses(gateway):
            found.setdefault(address, (gateway, path))
    return found
