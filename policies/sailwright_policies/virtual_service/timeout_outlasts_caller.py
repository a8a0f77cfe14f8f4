"""A service that waits for another longer than its own callers wait for it works for nobody.

The caller has given up and perhaps tried again while the first call still runs, and the load doubles down the chain. Timeouts
should shrink from the edge inwards; retries count, each with its own timeout.
"""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import NamedTuple

from sailwright.diagnostics.finding import Path, Severity
from sailwright.lint.kinds import VIRTUAL_SERVICE
from sailwright.lint.rule import Problem
from sailwright.mesh.index import Index
from sailwright.mesh.objects.routing import VirtualService
from sailwright.mesh.queries.callers import Call, declared_calls
from sailwright.mesh.values.duration import seconds
from sailwright.mesh.world import World
from sailwright.source.manifest import Manifest

ID = "timeout-outlasts-caller"
KIND = VIRTUAL_SERVICE
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


def check(virtual_service: VirtualService, mesh: World) -> Iterator[Problem]:
    """The longest timeout for a host against the shortest patience of those who declare to call it, and are called themselves."""
    index = mesh.index
    reported: set[Path] = set()
    for call, waits in _calls(index, virtual_service):
        callers = [_longest(index, service.hosts[0]) for service in index.services_of(call.client)]
        patience = max(filter(None, callers), default=None, key=lambda found: found.length)
        if patience is None or waits.length <= patience.length or waits.path in reported:
            continue
        reported.add(waits.path)
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


def _calls(index: Index, virtual_service: VirtualService) -> Iterator[tuple[Call, _Timeout]]:
    """The declared calls that wait as long as this VirtualService says, in the order of their declaration."""
    timeouts = {host: _longest(index, host) for host in virtual_service.hosts if virtual_service.in_mesh}
    waits = {host: found for host, found in timeouts.items() if found and found.manifest is virtual_service.manifest}
    numbered = [each for host in waits for each in index.derived(_calls_of).get(host, ())]
    for _, call in sorted(numbered, key=lambda each: each[0]):
        yield call, waits[call.service.hosts[0]]


def _calls_of(index: Index) -> Mapping[str, list[tuple[int, Call]]]:
    """The declared calls of each host, numbered."""
    found: dict[str, list[tuple[int, Call]]] = {}
    for number, call in enumerate(declared_calls(index)):
        found.setdefault(call.service.hosts[0], []).append((number, call))
    return found


def _longest(index: Index, host: str) -> _Timeout | None:
    """The longest timeout that a route of the mesh has for a host."""
    return index.derived(_timeouts).get(host)


def _timeouts(index: Index) -> Mapping[str, _Timeout]:
    """The longest timeout of the mesh's routes by the host they are for."""
    found: dict[str, _Timeout] = {}
    for service in index.virtual_services:
        for path, rule in service.rules("http") if service.in_mesh else ():
            length = seconds(rule.get("timeout"))
            for host in service.hosts if length else ():
                if length and (host not in found or found[host].length < length):
                    found[host] = _Timeout(length, service.manifest, (*path, "timeout"))
    return found
