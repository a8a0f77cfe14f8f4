"""A route by JWT claim at a gateway without RequestAuthentication never matches.

Claims can be matched only after the gateway's pods have validated the token, and that is what a RequestAuthentication
asks of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from sailwright.diagnostics.finding import Path, Severity
from sailwright.lint.rule import Problem
from sailwright.mesh.index import Index
from sailwright.mesh.objects.routing import MESH, VirtualService, gateway_name
from sailwright.mesh.objects.selectors import selects
from sailwright.mesh.objects.workloads import Workload
from sailwright.mesh.values import kinds
from sailwright.mesh.world import World
from sailwright.source.untyped import entries, get, labels, mapping

ID = "jwt-route-without-authentication"
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


def check(world: World) -> Iterator[Problem]:
    """For each VirtualService with a claim match: do the pods of its gateways validate tokens?"""
    index = world.index
    root = "istio-system" if index.facts.compat else index.mesh.root_namespace
    for service in index.virtual_services:
        claim = next(_claims(service), None)
        for reference in service.gateways if claim else ():
            gateway = index.gateways.get(gateway_name(reference, service.namespace)) if reference != MESH else None
            for pod in index.selected(gateway.selector) if gateway else ():
                if claim and not _validates(index, pod, root):
                    path, key = claim
                    message = (
                        f"the route matches on `{key}`, but no RequestAuthentication covers {pod.kind} {pod.name},"
                        f" which serves the gateway {reference}"
                    )
                    remedy = "add a RequestAuthentication that selects the gateway's pods"
                    yield Problem(service.manifest, () if index.facts.compat else path, message, remedy, key=True)


def _claims(service: VirtualService) -> Iterator[tuple[Path, str]]:
    for rule_path, rule in service.rules("http"):
        for path, match in entries(rule.get("match"), (*rule_path, "match")):
            for key in chain(mapping(match.get("headers")), mapping(match.get("withoutHeaders"))):
                if _is_claim(key):
                    yield (*path, "headers" if key in mapping(match.get("headers")) else "withoutHeaders", key), key


def _is_claim(header: str) -> bool:
    """`@request.auth.claims.group` or `@request.auth.claims[group]` (pkg/jwt, ToRoutingClaim)."""
    prefix = "@request.auth.claims"
    name = header[len(prefix) :] if header.lower().startswith(prefix) else ""
    return (name.startswith(".") and len(name) > 1) or (name.startswith("[") and name.endswith("]"))


def _validates(index: Index, pod: Workload, root: str) -> bool:
    return any(
        selects(labels(get(policy.spec, "selector", "matchLabels")), pod.labels)
        for policy in index.of(kinds.REQUEST_AUTHENTICATION)
        if index.namespace_of(policy) in (root, pod.namespace)
    )
