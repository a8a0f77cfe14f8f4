"""Traffic routed to a version with no replicas is answered with 503.

A version is retired in three steps: its weight goes to 0, then its replicas, then its subset. Replicas first cuts off the share
that is still routed there.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import VIRTUAL_SERVICE
from sailwright.lint.rule import Problem
from sailwright.mesh.index import Index
from sailwright.mesh.objects.routing import VirtualService
from sailwright.mesh.queries.rollouts import scaled_by_controllers
from sailwright.mesh.values import kinds
from sailwright.mesh.world import World
from sailwright.source.manifest import Manifest
from sailwright.source.untyped import get, text

ID = "routed-version-scaled-to-zero"
KIND = VIRTUAL_SERVICE
SEVERITY: Severity = "error"
ALIASES: tuple[str, ...] = ()

BAD = """
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: reviews, namespace: shop}
spec:
  host: reviews
  subsets: [{name: v1, labels: {version: v1}}, {name: v2, labels: {version: v2}}]
---
apiVersion: v1
kind: Service
metadata: {name: reviews, namespace: shop}
spec: {selector: {app: reviews}, ports: [{name: http, port: 9080}]}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: reviews, namespace: shop}
spec:
  hosts: [reviews]
  http:
    - route:
        - {destination: {host: reviews, subset: v1}, weight: 90}
        - destination: {host: reviews, subset: v2}  # finding
          weight: 10
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: reviews-v2, namespace: shop}
spec:
  replicas: 0
  template:
    metadata: {labels: {app: reviews, version: v2}}
"""

GOOD = """
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: reviews, namespace: shop}
spec:
  host: reviews
  subsets: [{name: v1, labels: {version: v1}}, {name: v2, labels: {version: v2}}]
---
apiVersion: v1
kind: Service
metadata: {name: reviews, namespace: shop}
spec: {selector: {app: reviews}, ports: [{name: http, port: 9080}]}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: reviews, namespace: shop}
spec:
  hosts: [reviews]
  http:
    - route:
        - {destination: {host: reviews, subset: v1}, weight: 100}
        - {destination: {host: reviews, subset: v2}, weight: 0}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: reviews-v2, namespace: shop}
spec:
  replicas: 0
  template:
    metadata: {labels: {app: reviews, version: v2}}
"""


def check(virtual_service: VirtualService, mesh: World) -> Iterator[Problem]:
    """Destinations with a share of the traffic all of whose workloads have `replicas: 0` (and no KEDA object to raise it)."""
    index, resting = mesh.index, mesh.index.derived(_resting)
    for destination in virtual_service.destinations if resting else ():
        target = index.registry.service(destination.full_host)
        if destination.is_mirror or destination.weight == 0 or target is None or not destination.subset:
            continue
        for _, subset in index.subsets(destination.full_host).get(destination.subset, ()):
            pods = [found for found in index.backends(target) if index.carries(found, subset.labels)]
            if pods and all(found.manifest in resting for found in pods):
                yield Problem(
                    virtual_service.manifest,
                    destination.path,
                    f"{pods[0].kind} {pods[0].name}, the only one of subset {subset.name}, has no replicas",
                    "set the weight of the subset to 0 first",
                    related=((pods[0].manifest, ("spec", "replicas"), "no replicas"),),
                )
                break


def _resting(index: Index) -> frozenset[Manifest]:
    """The workloads without replicas that neither KEDA nor a controller of rollouts scales."""
    scaled = {text(get(found.spec, "scaleTargetRef", "name")) for found in index.of(kinds.SCALED_OBJECT)}
    taken = scaled_by_controllers(index)
    workloads = (found for found in index.each_workload() if found.manifest.spec.get("replicas") == 0)
    return frozenset(
        found.manifest
        for found in workloads
        if found.name not in scaled and (found.namespace, found.kind, found.name) not in taken
    )
