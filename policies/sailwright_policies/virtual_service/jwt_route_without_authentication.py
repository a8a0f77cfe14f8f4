"""A route by JWT claim at a gateway without RequestAuthentication never matches.

Claims can be matched only after the gateway's pods have validated the token, and that is what a RequestAuthentication
asks of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain

from sailwright.diagnostics.finding import Path, Severity
from sailwright.lint.kinds import VIRTUAL_SERVICE
from sailwright.lint.rule import Problem
from sailwright.mesh.index import Index
from sailwright.mesh.objects.routing import MESH, VirtualService, gateway_name
from sailwright.mesh.objects.workloads import Workload
from sailwright.mesh.values import kinds
from sailwright.mesh.world import World
from sailwright.source.untyped import get, labels, mapping

ID = "jwt-route-without-authentication"
KIND = VIRTUAL_SERVICE
SEVERITY: Severity = "error"
ALIASES = ("IST0149",)
BAD = """
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: public, namespace: ingress}
spec:
  selector: {istio: ingressgateway}
  servers: [{port: {number: 80, name: http, protocol: HTTP}, hosts: ["*"]}]
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: ingressgateway, namespace: ingress}
spec: {template: {metadata: {labels: {istio: ingressgateway}}}}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: shop, namespace: shop}
spec:
  hosts: [shop.example.com]
  gateways: [ingress/public]
  http:
    - match:
        - headers:
            "@request.auth.claims.group": {exact: staff}  # finding
      route: [{destination: {host: web}}]
"""
GOOD = (
    BAD.replace("  # finding", "")
    + """
---
apiVersion: security.istio.io/v1
kind: RequestAuthentication
metadata: {name: staff, namespace: ingress}
spec:
  selector: {matchLabels: {istio: ingressgateway}}
  jwtRules: [{issuer: https://login.example.com, jwksUri: https://login.example.com/keys}]
"""
)


def check(virtual_service: VirtualService, mesh: World) -> Iterator[Problem]:
    """For each VirtualService with a claim match: do the pods of its gateways validate tokens?"""
    index = mesh.index
    path, claim = next(_claims(virtual_service), ((), ""))
    for reference in virtual_service.gateways if claim else ():
        gateway = index.gateways.get(gateway_name(reference, virtual_service.namespace)) if reference != MESH else None
        for pod in index.selected(gateway.selector) if gateway else ():
            if not _validates(index, pod):
                message = (
                    f"the route matches on `{claim}`, but no RequestAuthentication covers {pod.kind} {pod.name},"
                    f" which serves the gateway {reference}"
                )
                remedy = "add a RequestAuthentication that selects the gateway's pods"
                yield Problem(virtual_service.manifest, path, message, remedy, key=True)


def _claims(virtual_service: VirtualService) -> Iterator[tuple[Path, str]]:
    for path, match in virtual_service.matches("http"):
        for key in chain(mapping(match.get("headers")), mapping(match.get("withoutHeaders"))):
            if _is_claim(key):
                yield (*path, "headers" if key in mapping(match.get("headers")) else "withoutHeaders", key), key


def _is_claim(header: str) -> bool:
    """`@request.auth.claims.group` or `@request.auth.claims[group]` (pkg/jwt, ToRoutingClaim)."""
    prefix = "@request.auth.claims"
    name = header[len(prefix) :] if header.lower().startswith(prefix) else ""
    return (name.startswith(".") and len(name) > 1) or (name.startswith("[") and name.endswith("]"))


def _validates(index: Index, pod: Workload) -> bool:
    """Whether a RequestAuthentication selects a pod; to the analyzers the root namespace is always istio-system."""
    root = "istio-system" if index.facts.compat else index.mesh.root_namespace
    selectors = index.derived(_selectors)
    return any(index.carries(pod, each) for place in {root, pod.namespace} for each in selectors.get(place, ()))


def _selectors(index: Index) -> Mapping[str, list[dict[str, str]]]:
    """The selectors of the RequestAuthentications of each namespace."""
    found: dict[str, list[dict[str, str]]] = {}
    for policy in index.of(kinds.REQUEST_AUTHENTICATION):
        selector = labels(get(policy.spec, "selector", "matchLabels"))
        found.setdefault(index.namespace_of(policy), []).append(selector)
    return found
