"""A VirtualService bound to a gateway that does not exist routes nothing there.

`gateways` names Istio Gateways (or Kubernetes ones) as `namespace/name`, or by name in the own namespace; `mesh` stands
for the sidecars. Gateways outside of the repository are declared under `known.gateways`; without it only slips of the hand
are reported, as warnings.
"""

from __future__ import annotations

from collections.abc import Iterator

from sailwright.diagnostics.finding import Path, Severity
from sailwright.diagnostics.nearest import did_you_mean, slips
from sailwright.lint.rule import Example, Problem
from sailwright.mesh.facts import Facts, Known
from sailwright.mesh.index import Index
from sailwright.mesh.objects.routing import MESH, VirtualService, gateway_name, is_generated_gateway
from sailwright.mesh.values import kinds
from sailwright.mesh.world import World
from sailwright.source.untyped import entries, texts

ID = "gateway-unknown"
SEVERITY: Severity = "error"
ALIASES = ("IST0101", "KIA1102")
_DECLARED = Example(
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
_SLIP = """
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: public, namespace: istio-ingress}
spec: {selector: {istio: public}, servers: [{port: {number: 80, name: http, protocol: HTTP}, hosts: ["*"]}]}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: shop, namespace: shop}
spec:
  hosts: [shop.example.com]
  gateways:
    - istio-ingress/pubilc  # finding
  http:
    - route: [{destination: {host: web}}]
"""
BAD = (_DECLARED, _SLIP)
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
    known = index.facts.known.gateways
    meant = _by_slip(index) if known is None and not index.facts.compat else {}
    unplaced = {gateway.manifest.name for gateway in index.gateways.values() if not gateway.manifest.namespace}
    for service in index.virtual_services:
        for path, reference in _references(index, service):
            if reference == MESH or is_generated_gateway(reference):
                continue
            name = gateway_name(reference, service.namespace)
            message = f"there is no gateway `{reference}`"
            if _exists(index, name, unplaced):
                continue
            if known is not None or index.facts.compat:
                names = (*index.gateways, *(known or ()))
                remedy = did_you_mean(name, names, "add the Gateway, or declare it under known.gateways")
                yield Problem(service.manifest, path, message, remedy)
            elif near := next((meant[slip] for slip in _slips(name) if slip in meant), None):
                yield Problem(service.manifest, path, message, f"did you mean `{near}`?", severity="warning")


def _by_slip(index: Index) -> dict[tuple[str, str], str]:
    """The gateways of the repository by what their names share with a slip of the hand."""
    return {slip: name for name in index.gateways for slip in _slips(name)}


def _slips(full_name: str) -> Iterator[tuple[str, str]]:
    namespace, _, name = full_name.partition("/")
    return ((namespace, slip) for slip in sorted(slips(name)))


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


def _exists(index: Index, full_name: str, unplaced: set[str]) -> bool:
    """Whether there is such a gateway; one of `unplaced` may lie in any namespace.

    The analyzers know no Kubernetes Gateways up to 1.31.
    """
    namespace, _, name = full_name.partition("/")
    if full_name in index.gateways or index.facts.compat:
        return full_name in index.gateways
    if index.find(kinds.KUBERNETES_GATEWAY, namespace, name):
        return True
    return name in unplaced or full_name in (index.facts.known.gateways or ())
