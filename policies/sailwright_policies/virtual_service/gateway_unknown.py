"""A VirtualService bound to a gateway that does not exist routes nothing there.

`gateways` names Istio Gateways (or Kubernetes ones) as `namespace/name`, or by name in the own namespace; `mesh` means the
sidecars. Gateways outside of the repository are declared under `known.gateways`; without it only slips of the hand are reported,
as warnings.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sailwright.diagnostics.finding import Path, Severity
from sailwright.diagnostics.suggestions import did_you_mean, one_edit_keys
from sailwright.lint.kinds import VIRTUAL_SERVICE
from sailwright.lint.rule import Example, Problem
from sailwright.mesh.facts import Facts, Known
from sailwright.mesh.index import Index
from sailwright.mesh.objects.routing import MESH, VirtualService, gateway_name, is_generated_gateway
from sailwright.mesh.queries.absence import no_gateway
from sailwright.mesh.values import kinds
from sailwright.mesh.world import World
from sailwright.source.untyped import texts

ID = "gateway-unknown"
KIND = VIRTUAL_SERVICE
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


def check(virtual_service: VirtualService, mesh: World) -> Iterator[Problem]:
    """Look each gateway up, those of single matches too."""
    index, known = mesh.index, mesh.facts.known.gateways
    for path, reference in _references(virtual_service, matches=not mesh.facts.compat):
        name = gateway_name(reference, virtual_service.namespace)
        if reference == MESH or is_generated_gateway(reference) or _exists(index, name):
            continue
        message = f"there is no gateway `{reference}`"
        absent = no_gateway(name)
        if known is not None or mesh.facts.compat:
            names = (*index.gateways, *(known or ()))
            remedy = did_you_mean(name, names, "add the Gateway, or declare it under known.gateways")
            yield Problem(virtual_service.manifest, path, message, remedy, absent=absent)
        elif near := next((found for slip in _slips(name) if (found := index.derived(_by_slip).get(slip))), None):
            yield Problem(
                virtual_service.manifest, path, message, f"did you mean `{near}`?", severity="warning", absent=absent
            )


def _references(virtual_service: VirtualService, *, matches: bool) -> Iterator[tuple[Path, str]]:
    for position, reference in enumerate(virtual_service.gateways):
        yield ("spec", "gateways", position), reference
    for path, match in virtual_service.matches() if matches else ():
        for position, reference in enumerate(texts(match.get("gateways"))):
            yield (*path, "gateways", position), reference


def _exists(index: Index, full_name: str) -> bool:
    """Whether there is such a gateway. The analyzers know no Kubernetes Gateways up to 1.31."""
    namespace, _, name = full_name.partition("/")
    if full_name in index.gateways or index.facts.compat:
        return full_name in index.gateways
    if index.find(kinds.KUBERNETES_GATEWAY, namespace, name):
        return True
    return name in index.derived(_unplaced) or full_name in (index.facts.known.gateways or ())


def _unplaced(index: Index) -> frozenset[str]:
    """The names of the Gateways whose file names no namespace: they may lie in any."""
    return frozenset(gateway.manifest.name for gateway in index.gateways.values() if not gateway.manifest.namespace)


def _by_slip(index: Index) -> Mapping[tuple[str, str], str]:
    """The gateways of the repository by what their names share with a slip of the hand."""
    return {slip: name for name in index.gateways for slip in _slips(name)}


def _slips(full_name: str) -> Iterator[tuple[str, str]]:
    namespace, _, name = full_name.partition("/")
    return ((namespace, slip) for slip in sorted(one_edit_keys(name)))
