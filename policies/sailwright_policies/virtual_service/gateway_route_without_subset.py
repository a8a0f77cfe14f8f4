"""Requests that enter through a gateway skip the split that the mesh has for the same host.

A route names a host; the VirtualService of that host is not consulted again. A VirtualService bound to a gateway that
sends to the plain host spreads its requests over all versions, regardless of the canary's weight in the mesh.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import VIRTUAL_SERVICE
from sailwright.lint.rule import Problem
from sailwright.mesh.index import Index
from sailwright.mesh.objects.routing import MESH, VirtualService
from sailwright.mesh.queries.absence import no_host
from sailwright.mesh.world import World
from sailwright_policies import istioctl_analyzers

ID = "gateway-route-without-subset"
KIND = VIRTUAL_SERVICE
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
COMPAT = istioctl_analyzers.GATEWAY_ROUTE


def check(virtual_service: VirtualService, mesh: World) -> Iterator[Problem]:
    """For each route of a gateway to a plain host: does another VirtualService split that host by subset?"""
    if all(gateway == MESH for gateway in virtual_service.gateways):
        return
    splits = mesh.index.derived(_splits)
    for destination in virtual_service.destinations:
        split = splits.get(destination.full_host)
        if split and split is not virtual_service and not destination.subset and not destination.is_mirror:
            if _subsets(split, destination.full_host) <= _subsets(virtual_service, destination.full_host):
                continue  # both split some requests and send the others to the plain host
            message = f"requests through the gateway skip the subsets that {split.manifest.name} has for this host"
            remedy = "name the same subsets here, or bind that VirtualService to the gateway too"
            related = ((split.manifest, ("spec", "hosts"), "the host is split here"),)
            yield Problem(
                virtual_service.manifest,
                destination.host_path,
                message,
                remedy,
                related,
                absent=no_host(destination.full_host),
            )


def _subsets(virtual_service: VirtualService, host: str) -> set[str]:
    """The subsets of a host that a VirtualService sends to; empty text for the plain host."""
    sent = (each for each in virtual_service.destinations if each.full_host == host and not each.is_mirror)
    return {each.subset or "" for each in sent}


def _splits(index: Index) -> Mapping[str, VirtualService]:
    """The hosts that sidecars split by subset, with the first VirtualService that says so."""
    found: dict[str, VirtualService] = {}
    for virtual_service in index.virtual_services:
        for destination in virtual_service.destinations if virtual_service.in_mesh else ():
            host = destination.full_host
            if destination.subset and host in virtual_service.hosts and not destination.is_mirror:
                found.setdefault(host, virtual_service)
    return found
