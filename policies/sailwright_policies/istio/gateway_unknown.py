"""A VirtualService bound to a gateway that does not exist routes nothing there.

`gateways` names Istio Gateways (or Kubernetes ones) as `namespace/name`, or by name in the own namespace; `mesh` stands
for the sidecars. Gateways outside of the repository are declared under `known.gateways`; without it nothing is reported.
"""

from __future__ import annotations

from collections.abc import Iterator

from sailwright.finding import Path, Severity
from sailwright.mesh import kinds
from sailwright.mesh.index import Index
from sailwright.mesh.nearest import did_you_mean
from sailwright.mesh.routing import MESH, VirtualService, gateway_name, is_generated_gateway
from sailwright.mesh.shape import entries, texts
from sailwright.mesh.world import Facts, Known, World
from sailwright.rule import Example, Problem

ID = "gateway-unknown"
SEVERITY: Severity = "error"
ALIASES = ("IST0101", "KIA1102")
BAD = Example(
    """
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: shop, namespace: shop}
spec:
  hosts: [shop.example.com]
  gateways:
    - istio-ingress/pubilc  # finding
  http:
    - route: [{destination: {host: web}}]
""",
    Facts(known=Known(gateways=("istio-ingress/public",))),
)
GOOD = Example(
    """
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: shop, namespace: shop}
spec:
  hosts: [shop.example.com]
  gateways: [mesh, istio-ingress/public]
  http:
    - route: [{destination: {host: web}}]
""",
    Facts(known=Known(gateways=("istio-ingress/public",))),
)


def check(world: World) -> Iterator[Problem]:
    """Look each gateway up, those of single matches too."""
    index = world.index
    for service in index.virtual_services:
        for path, reference in _references(index, service):
            if reference == MESH or is_generated_gateway(reference):
                continue
            name = gateway_name(reference, service.namespace)
            if not _exists(index, name):
                known = (*index.gateways, *(index.facts.known.gateways or ()))
                remedy = did_you_mean(name, known, "add the Gateway, or declare it under known.gateways")
                yield Problem(service.manifest, path, f"there is no gateway `{reference}`", remedy)


def _references(index: Index, service: VirtualService) -> Iterator[tuple[Path, str]]:
    for position, reference in enumerate(service.gateways):
        yield ("spec", "gateways", position), reference
    if index.facts.compat:
        return
    for block in ("http", "tls", "tcp"):
        for rule_path, rule in entries(service.manifest.spec.get(block), ("spec", block)):
            for path, match in entries(rule.get("match"), (*rule_path, "match")):
                for position, reference in enumerate(texts(match.get("gateways"))):
                    yield (*path, "gateways", position), reference


def _exists(index: Index, full_name: str) -> bool:
    """Whether there is, or may be, such a gateway. The analyzers know no Kubernetes Gateways up to 1.31."""
    namespace, _, name = full_name.partition("/")
    if full_name in index.gateways or index.facts.compat:
        return full_name in index.gateways
    if index.find(kinds.KUBERNETES_GATEWAY, namespace, name):
        return True
    known = index.facts.known.gateways
    unplaced = any(
        gateway.manifest.name == name and not gateway.manifest.namespace for gateway in index.gateways.values()
    )
    return unplaced or known is None or full_name in known
