"""A route that names one destination twice splits its traffic in a way that nobody meant.

Envoy adds the weights of both entries up, so the share of each destination is not what either line says. Most often one
of the two was meant to name another subset.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sailwright.finding import Path, Severity
from sailwright.manifest import Manifest
from sailwright.mesh.world import World
from sailwright.rule import Problem

ID = "route-destination-twice"
SEVERITY: Severity = "warning"
ALIASES = ("KIA1105",)
BAD = """
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: reviews, namespace: shop}
spec:
  hosts: [reviews]
  http:
    - route:
        - {destination: {host: reviews, subset: v1}, weight: 80}
        - {destination: {host: reviews, subset: v1}, weight: 20}  # finding
"""
GOOD = """
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: reviews, namespace: shop}
spec:
  hosts: [reviews]
  http:
    - route:
        - {destination: {host: reviews, subset: v1}, weight: 80}
        - {destination: {host: reviews, subset: v2}, weight: 20}
"""


def check(world: World) -> Iterator[Problem]:
    """Compare the destinations of each route with one another."""
    for manifest in world.manifests:
        if manifest.kind == "VirtualService":
            for protocol in ("http", "tcp", "tls"):
                for number, route in _items(manifest.spec.get(protocol)):
                    yield from _route(manifest, ("spec", protocol, number, "route"), route.get("route"))


def _route(manifest: Manifest, path: Path, splits: object) -> Iterator[Problem]:
    seen: dict[str, Path] = {}
    for number, split in _items(splits):
        destination = split.get("destination")
        here = (*path, number, "destination")
        first = seen.setdefault(repr(destination), here)
        if destination and first != here:
            remedy = "name another subset, or give the first entry the sum of both weights"
            related = ((manifest, first, "first named here"),)
            yield Problem(manifest, here, "this route sends to the same destination already", remedy, related)


def _items(value: object) -> Iterator[tuple[int, dict[str, Any]]]:
    for number, item in enumerate(value if isinstance(value, list) else ()):
        if isinstance(item, dict):
            yield number, item
