"""A route to a host that is in no registry ends in a 503 for every request it takes.

The proxies build a cluster for each Service and ServiceEntry that the client's namespace sees. A destination that is
none of them has no cluster. A name with a dot is never completed: `reviews.shop` is not the Service `reviews` of `shop`.
What lies outside of the repository is declared under `known.hosts`; without it only such names and slips of the hand are
reported, as warnings.
"""

from __future__ import annotations

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.diagnostics.nearest import did_you_mean
from sailwright.lint.rule import Example, Problem
from sailwright.mesh.facts import Facts, Known
from sailwright.mesh.index import Index
from sailwright.mesh.objects.routing import Destination, VirtualService
from sailwright.mesh.queries.istioctl_compat import scoped_hosts, shown_destination
from sailwright.mesh.world import World

ID = "destination-host-unknown"
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


def check(world: World) -> Iterator[Problem]:
    """Look each destination and mirror up, as a client of the VirtualService's namespace sees the registry."""
    index = world.index
    for service in index.virtual_services:
        for destination in service.destinations:
            if index.facts.compat:
                yield from _analysed(index, service, destination)
            elif destination.host:
                yield from _judged(index, service, destination)


def _analysed(index: Index, service: VirtualService, destination: Destination) -> Iterator[Problem]:
    export_to = service.manifest.spec.get("exportTo")
    if index.derived(scoped_hosts).find(destination.host, service.namespace, export_to) is None:
        what = "mirror host" if destination.is_mirror else "host"
        path = shown_destination(service.manifest, destination, mirror_of_rule=True)
        yield Problem(service.manifest, path, f"the {what} `{destination.host}` is not found")


def _judged(index: Index, service: VirtualService, destination: Destination) -> Iterator[Problem]:
    host, namespace = destination.full_host, service.namespace
    decision = index.registry.decide(host, namespace)
    meant = None if decision == "known" else index.registry.meant(host, namespace)
    if decision == "unknown" or meant:
        severity: Severity | None = "warning" if destination.is_idle or decision != "unknown" else None
        message, remedy = _words(index, service, destination, meant)
        yield Problem(service.manifest, destination.host_path, message, remedy, severity=severity)


def _words(index: Index, service: VirtualService, destination: Destination, meant: str | None) -> tuple[str, str]:
    host, namespace = destination.full_host, service.namespace
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
