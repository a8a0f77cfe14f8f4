"""A service that waits for another longer than its own callers wait for it works for nobody.

The caller has given up and perhaps tried again while the first call still runs, and the load doubles down the chain. Timeouts
should shrink from the edge inwards; retries count, each with its own timeout.
"""

from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple

from sailwright.diagnostics.finding import Path, Severity
from sailwright.lint.rule import Problem
from sailwright.mesh.index import Index
from sailwright.mesh.queries.callers import declared_calls
from sailwright.mesh.values.istio_duration import seconds
from sailwright.mesh.world import World
from sailwright.source.manifest import Manifest

ID = "timeout-outlasts-caller"
SEVERITY: Severity = "warning"
ALIASES: tuple[str, ...] = ()

BAD = """
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: {name: reviews, namespace: shop}
spec:
  workloadSelector: {labels: {app: reviews}}
  egress: [{hosts: [shop/ratings.shop.svc.cluster.local]}]
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: reviews, namespace: shop}
spec: {template: {metadata: {labels: {app: reviews}}}}
---
apiVersion: v1
kind: Service
metadata: {name: reviews, namespace: shop}
spec: {selector: {app: reviews}, ports: [{name: http, port: 80}]}
---
apiVersion: v1
kind: Service
metadata: {name: ratings, namespace: shop}
spec: {selector: {app: ratings}, ports: [{name: http, port: 80}]}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: reviews, namespace: shop}
spec:
  hosts: [reviews]
  http:
    - timeout: 2s
      route: [{destination: {host: reviews}}]
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: ratings, namespace: shop}
spec:
  hosts: [ratings]
  http:
    - timeout: 10s  # finding
      route: [{destination: {host: ratings}}]
"""

GOOD = BAD.replace("10s  # finding", "1s")


def check(world: World) -> Iterator[Problem]:
    """The timeouts of declared calls against those of the calls that lead to their caller; the longest against the shortest."""
    index = world.index
    told: set[tuple[Manifest, Path]] = set()
    timeouts = _timeouts(index)
    for call in declared_calls(index) if timeouts else ():
        waits = max(timeouts.get(call.service.hosts[0], ()), default=None, key=lambda found: found.length)
        callers = [found for service in index.services_of(call.client) for found in timeouts.get(service.hosts[0], ())]
        patience = max(callers, default=None, key=lambda found: found.length)
        if waits is None or patience is None or waits.length <= patience.length or (waits.manifest, waits.path) in told:
            continue
        told.add((waits.manifest, waits.path))
        yield Problem(
            waits.manifest,
            waits.path,
            f"{call.client.name} waits up to {float(waits.length):g}s for {call.service.name}, but its own callers give up "
            f"after {float(patience.length):g}s",
            "make this shorter than the timeout of the caller's own route",
            related=((patience.manifest, patience.path, "when the callers give up"),),
        )


class _Timeout(NamedTuple):
    length: Fraction
    manifest: Manifest
    path: Path


def _timeouts(index: Index) -> dict[str, list[_Timeout]]:
    """The timeouts of the mesh's routes by the host they are for."""
    found: dict[str, list[_Timeout]] = {}
    for service in index.virtual_services:
        for path, rule in service.rules("http") if service.in_mesh else ():
            length = seconds(rule.get("timeout"))
            if length:
                for host in service.hosts:
                    found.setdefault(host, []).append(_Timeout(length, service.manifest, (*path, "timeout")))
    return found
