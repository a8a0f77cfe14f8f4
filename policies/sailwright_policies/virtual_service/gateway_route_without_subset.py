"""Requests that enter through a gateway skip the split that the mesh has for the same host.

A route names a host; the VirtualService of that host is not consulted again. A VirtualService bound to a gateway that
sends to the plain host spreads its requests over all versions, whatever the canary's weight in the mesh is.
"""

from __future__ import annotations

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.rule import Problem
from sailwright.mesh.index import Index
from sailwright.mesh.objects.routing import MESH, VirtualService
from sailwright.mesh.world import World
from sailwright.source.untyped import texts

ID = "gateway-route-without-subset"
SEVERITY: Severity = "warning"
ALIASES = ("IST0140",)
BAD = """
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: reviews, namespace: shop}
spec:
  hosts: [reviews]
  http:
    - route:
        - {destination: {host: reviews, subset: v1}, weight: 95}
        - {destination: {host: reviews, subset: v2}, weight: 5}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: reviews-outside, namespace: shop}
spec:
  hosts: [reviews.example.com]
  gateways: [ingress/public]
  http:
    - route: [{destination: {host: reviews}}]  # finding
"""
GOOD = """
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: reviews, namespace: shop}
spec:
  hosts: [reviews, reviews.example.com]
  gateways: [mesh, ingress/public]
  http:
    - route:
        - {destination: {host: reviews, subset: v1}, weight: 95}
        - {destination: {host: reviews, subset: v2}, weight: 5}
"""


def check(world: World) -> Iterator[Problem]:
    """For each route of a gateway to a plain host: does another VirtualService split that host by subset?"""
    return _analysed(world.index) if world.facts.compat else _judged(world.index)


def _judged(index: Index) -> Iterator[Problem]:
    splits: dict[str, VirtualService] = {}
    for service in index.virtual_services:
        if service.in_mesh:
            for destination in service.destinations:
                if destination.subset and destination.full_host in service.hosts and not destination.is_mirror:
                    splits.setdefault(destination.full_host, service)
    for service in index.virtual_services:
        if not any(gateway != MESH for gateway in service.gateways):
            continue
        for destination in service.destinations:
            split = splits.get(destination.full_host)
            if split and split is not service and not destination.subset and not destination.is_mirror:
                message = f"requests through the gateway skip the subsets that {split.manifest.name} has for this host"
                remedy = "name the same subsets here, or bind that VirtualService to the gateway too"
                related = ((split.manifest, ("spec", "hosts"), "the host is split here"),)
                yield Problem(service.manifest, destination.host_path, message, remedy, related)


def _analysed(index: Index) -> Iterator[Problem]:
    splits: dict[str, dict[str, None]] = {}
    for service in index.virtual_services:
        own = texts(service.manifest.spec.get("hosts"))
        for destination in service.destinations:
            if (
                destination.block == "http"
                and not destination.is_mirror
                and destination.subset
                and destination.host in own
            ):
                splits.setdefault(destination.host, {})[f"{service.namespace}/{service.manifest.name}"] = None
    for service in index.virtual_services:
        plain = [
            destination.host
            for destination in service.destinations
            if destination.block == "http" and not destination.is_mirror and not destination.subset
        ]
        if service.gateways:
            for other in dict.fromkeys(name for host in plain for name in splits.get(host, ())):
                yield Problem(
                    service.manifest, (), f"the subset of {other} has no effect on requests through the gateway"
                )
