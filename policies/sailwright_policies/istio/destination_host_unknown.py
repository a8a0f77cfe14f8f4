"""A route to a host that is in no registry ends in a 503 for every request it takes.

The proxies build a cluster for each Service and ServiceEntry that the client's namespace sees. A destination that is
none of them has no cluster. A name with a dot is never completed: `reviews.shop` is not the Service `reviews` of `shop`.
What lies outside of the repository is declared under `known.hosts`; without it nothing is reported.
"""

from __future__ import annotations

from collections.abc import Iterator

from sailwright.finding import Severity
from sailwright.mesh.analysis import shown_destination
from sailwright.mesh.hosts import service_host
from sailwright.mesh.index import Index
from sailwright.mesh.nearest import did_you_mean
from sailwright.mesh.routing import Destination, VirtualService
from sailwright.mesh.world import Facts, Known, World
from sailwright.rule import Example, Problem

ID = "destination-host-unknown"
SEVERITY: Severity = "error"
ALIASES = ("IST0101", "KIA1101")
BAD = Example(
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
            elif destination.host and index.registry.decide(destination.full_host, service.namespace) == "unknown":
                yield _problem(index, service, destination)


def _analysed(index: Index, service: VirtualService, destination: Destination) -> Iterator[Problem]:
    export_to = service.manifest.spec.get("exportTo")
    if index.scoped_hosts.find(destination.host, service.namespace, export_to) is None:
        what = "mirror host" if destination.is_mirror else "host"
        path = shown_destination(service.manifest, destination, mirror_of_rule=True)
        yield Problem(service.manifest, path, f"the {what} `{destination.host}` is not found")


def _problem(index: Index, service: VirtualService, destination: Destination) -> Problem:
    host, namespace = destination.full_host, service.namespace
    if index.registry.services(host):
        message, remedy = f"`{host}` is not exported to the namespace `{namespace}`", "extend its exportTo"
    else:
        message = f"no Service or ServiceEntry has the host `{host}`"
        names = (known.removesuffix(f".{namespace}.svc.{index.domain}") for known in index.registry.hosts)
        remedy = did_you_mean(destination.host, names, "add a ServiceEntry for it, or declare it under known.hosts")
        if destination.host.count(".") == 1:
            name, _, place = destination.host.partition(".")
            full = service_host(name, place, index.domain)
            if index.registry.services(full, namespace):
                remedy = f"write `{full}`: Istio completes only names without a dot"
    severity: Severity | None = "warning" if destination.is_idle else None
    return Problem(service.manifest, destination.host_path, message, remedy, severity=severity)
