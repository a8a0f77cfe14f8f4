"""A route to a host that is in no registry ends in a 503 for every request it takes.

The proxies build a cluster for each Service and ServiceEntry that the client's namespace sees. A destination that is
none of them has no cluster. A name with a dot is never completed: `reviews.shop` is not the Service `reviews` of `shop`.
What lies outside of the repository is declared under `known.hosts`; without it only such names and slips of the hand are
reported, as warnings.
"""

from __future__ import annotations

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.diagnostics.suggestions import did_you_mean
from sailwright.lint.kinds import VIRTUAL_SERVICE
from sailwright.lint.rule import Example, Problem
from sailwright.mesh.facts import Facts, Known
from sailwright.mesh.index import Index
from sailwright.mesh.objects.routing import Destination, VirtualService
from sailwright.mesh.world import World
from sailwright_policies import istioctl_analyzers

ID = "destination-host-unknown"
KIND = VIRTUAL_SERVICE
SEVERITY: Severity = "error"
ALIASES = ("IST0101", "KIA1101")
_DECLARED = Example(
    """
apiVersion: v1
kind: Service
metadata: {name: reviews, namespace: shop}
spec: {ports: [{name: http, port: 9080}]}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: reviews, namespace: shop}
spec:
  hosts: [reviews]
  http:
    - route: [{destination: {host: reviwes}}]  # finding
""",
    Facts(known=Known(hosts=())),
)
_SLIP = """
apiVersion: v1
kind: Service
metadata: {name: reviews, namespace: shop}
spec: {ports: [{name: http, port: 9080}]}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: web, namespace: front}
spec:
  hosts: [web]
  http:
    - route: [{destination: {host: reviews.shop}}]  # finding
"""
BAD = (_DECLARED, _SLIP)
GOOD = Example(
    """
apiVersion: v1
kind: Service
metadata: {name: reviews, namespace: shop}
spec: {ports: [{name: http, port: 9080}]}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: reviews, namespace: shop}
spec:
  hosts: [reviews]
  http:
    - match: [{headers: {x-partner: {exact: "true"}}}]
      route: [{destination: {host: api.example.com}}]
    - route: [{destination: {host: reviews}}]
""",
    Facts(known=Known(hosts=("api.example.com",))),
)
COMPAT = istioctl_analyzers.DESTINATION_HOST


def check(virtual_service: VirtualService, mesh: World) -> Iterator[Problem]:
    """Look each destination and mirror up, as a client of the VirtualService's namespace sees the registry."""
    registry, namespace = mesh.index.registry, virtual_service.namespace
    for destination in virtual_service.destinations:
        host = destination.full_host
        decision = registry.decide(host, namespace) if destination.host else "known"
        meant = None if decision == "known" else registry.meant(host, namespace)
        if decision == "unknown" or meant:
            severity: Severity | None = "warning" if destination.is_idle or decision != "unknown" else None
            message, remedy = _words(mesh.index, namespace, destination, meant)
            yield Problem(virtual_service.manifest, destination.host_path, message, remedy, severity=severity)


def _words(index: Index, namespace: str, destination: Destination, meant: str | None) -> tuple[str, str]:
    host = destination.full_host
    if index.registry.services(host):
        return f"`{host}` is not exported to the namespace `{namespace}`", "extend its exportTo"
    message = f"no Service or ServiceEntry has the host `{host}`"
    if meant and meant.startswith(f"{host}."):
        return message, f"write `{meant}`: Istio completes only names without a dot"
    suffix = f".{namespace}.svc.{index.domain}"
    if meant:
        return message, f"did you mean `{meant.removesuffix(suffix)}`?"
    names = (known.removesuffix(suffix) for known in index.registry.hosts)
    return message, did_you_mean(destination.host, names, "add a ServiceEntry for it, or declare it under known.hosts")
