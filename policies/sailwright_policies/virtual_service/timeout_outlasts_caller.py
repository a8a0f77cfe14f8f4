"""A service waits for another one longer than its own callers wait for it: it then works on requests that have been given up.

The caller has given up and perhaps tried again while the first call still runs, and the load doubles down the chain. Timeouts
should shrink from the edge inwards; retries count, each with its own timeout.
"""

from collections.abc import Iterator, Mapping

from sailwright.diagnostics.finding import Path, Severity
from sailwright.lint.kinds import VIRTUAL_SERVICE
from sailwright.lint.rule import Problem
from sailwright.mesh.index import Index
from sailwright.mesh.objects.routing import VirtualService
from sailwright.mesh.queries.call_chains import CallChains, patience, written_longest
from sailwright.mesh.queries.call_hops import Hop, short
from sailwright.mesh.queries.callers import declared_calls
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
    """The hops that this VirtualService decides, each against the longest that any known caller, near or far, waits for its caller."""
    index = mesh.index
    decided = index.derived(_by_manifest).get(virtual_service.manifest, ())
    if not decided:
        return
    chains, patient = index.derived(CallChains), index.derived(patience)
    reported: set[Path] = set()
    for hop in decided:
        known = patient.get(hop.caller)
        waits = written_longest(hop, chains.written_latency(hop.callee).amount)
        path = hop.setting("timeout") if hop.per_try is None else hop.setting("retries", "perTryTimeout")
        if hop.patience is None:
            path = hop.setting("retries", "attempts")
        if known is None or waits <= known.seconds or path in reported:
            continue
        reported.add(path)
        whose = (
            "its own callers give up"
            if known.hop.callee == hop.caller
            else f"the callers of {short(known.hop.callee)} give up"
        )
        yield Problem(
            virtual_service.manifest,
            path,
            f"{_name(hop.caller)} waits up to {float(waits):g}s for {_name(hop.callee)}, but {whose} "
            f"after {float(known.seconds):g}s",
            "make this shorter than the timeout of the caller's own route",
            related=((known.hop.manifest, _limit(known.hop), "when the callers give up"),),
        )


def _limit(hop: Hop) -> Path:
    """Where a hop says how long its caller waits."""
    return hop.setting("timeout") if hop.patience == hop.timeout else hop.setting("retries", "perTryTimeout")


def _name(host: str) -> str:
    return short(host).rpartition("/")[2]


def _by_manifest(index: Index) -> Mapping[Manifest, list[Hop]]:
    """The hops from service to service by the VirtualService that decides them."""
    found: dict[Manifest, list[Hop]] = {}
    if next(declared_calls(index, entries_too=True), None) is None:
        return found  # no caller is known
    for hop in index.derived(CallChains).hops:
        if hop.caller and hop.routed:
            found.setdefault(hop.manifest, []).append(hop)
    return found
