"""A version that no subset selects gets none of the traffic that is routed by subset.

As soon as every route to a host names a subset, a Deployment whose `version` label is in no subset gets no requests:
it was added, and its subset and route were forgotten.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import SERVICE
from sailwright.lint.rule import Problem
from sailwright.mesh.objects.services import Service
from sailwright.mesh.queries.absence import no_host
from sailwright.mesh.world import World

ID = "version-without-subset"
KIND = SERVICE
SEVERITY: Severity = "warning"
ALIASES: tuple[str, ...] = ()

BAD = """
apiVersion: v1
kind: Service
metadata: {name: reviews, namespace: shop}
spec: {selector: {app: reviews}, ports: [{name: http, port: 9080}]}
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: reviews, namespace: shop}
spec:
  host: reviews
  subsets: [{name: v1, labels: {version: v1}}]
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: reviews, namespace: shop}
spec:
  hosts: [reviews]
  http: [{route: [{destination: {host: reviews, subset: v1}}]}]
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: reviews-v1, namespace: shop}
spec:
  template:
    metadata: {labels: {app: reviews, version: v1}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: reviews-v2, namespace: shop}
spec:
  template:
    metadata:
      labels:
        app: reviews
        version: v2  # finding
"""

GOOD = """
apiVersion: v1
kind: Service
metadata: {name: reviews, namespace: shop}
spec: {selector: {app: reviews}, ports: [{name: http, port: 9080}]}
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: reviews, namespace: shop}
spec:
  host: reviews
  subsets: [{name: v1, labels: {version: v1}}, {name: v2, labels: {version: v2}}]
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: reviews, namespace: shop}
spec:
  hosts: [reviews]
  http: [{route: [{destination: {host: reviews, subset: v1}}]}]
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: reviews-v2, namespace: shop}
spec:
  template:
    metadata:
      labels: {app: reviews, version: v2}
"""


def check(service: Service, mesh: World) -> Iterator[Problem]:
    """Workloads behind a Service all of whose mesh routes go to subsets, none of which selects them."""
    index = mesh.index
    host = service.hosts[0]
    subsets = [subset for rules in index.subsets(host).values() for _, subset in rules]
    if not subsets:
        return
    routes = [destination for _, destination in index.routed(host) if not destination.is_mirror]
    if not routes or not all(destination.subset for destination in routes):
        return
    for workload in index.backends(service):
        version = workload.labels.get("version")
        if version and not any(index.carries(workload, subset.labels) for subset in subsets):
            yield Problem(
                workload.manifest,
                workload.path("metadata", "labels", "version"),
                f"no subset of {host} selects version {version}, and every route to it goes to a subset",
                f"add a subset for version {version} and route to it, or remove the workload",
                absent=no_host(host),
            )
