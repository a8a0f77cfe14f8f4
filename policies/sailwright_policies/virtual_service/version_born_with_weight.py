"""A version that is new in this change gets traffic at once: it is sent requests before its pods are ready.

The route reaches the sidecars within a second or two; images take longer to pull, and a crashing version takes its share of the
requests down with it. Deploy it with weight 0 first, see it run, and move the weight in a second change.
"""

from __future__ import annotations

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import VIRTUAL_SERVICE
from sailwright.lint.rule import Example, Problem
from sailwright.mesh.index import Index
from sailwright.mesh.objects.routing import Destination, VirtualService
from sailwright.mesh.world import World

ID = "version-born-with-weight"
KIND = VIRTUAL_SERVICE
SEVERITY: Severity = "warning"
ALIASES = ()
_SERVICE = """
apiVersion: v1
kind: Service
metadata: {name: reviews, namespace: shop}
spec: {selector: {app: reviews}, ports: [{name: http, port: 80}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: reviews-v1, namespace: shop}
spec: {template: {metadata: {labels: {app: reviews, version: v1}}}}
"""
_NEW = """---
apiVersion: apps/v1
kind: Deployment
metadata: {name: reviews-v2, namespace: shop}
spec: {template: {metadata: {labels: {app: reviews, version: v2}}}}
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: reviews, namespace: shop}
spec: {host: reviews, subsets: [{name: v1, labels: {version: v1}}, {name: v2, labels: {version: v2}}]}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: reviews, namespace: shop}
spec:
  hosts: [reviews]
  http:
    - route:
        - {destination: {host: reviews, subset: v1}, weight: 90}
        - {destination: {host: reviews, subset: v2}, weight: 10}  # finding
"""
BAD = Example(_SERVICE + _NEW, base=_SERVICE)
GOOD = (
    Example(_SERVICE + _NEW.replace("90", "100").replace("10}  # finding", "0}"), base=_SERVICE),
    Example(_SERVICE + _NEW.replace("  # finding", ""), base=_SERVICE + _NEW),
    Example(_SERVICE + _NEW.replace("  # finding", ""), base="{}"),
)


def check(virtual_service: VirtualService, mesh: World) -> Iterator[Problem]:
    """Look at every destination with a share whose pods the base did not have."""
    for destination in virtual_service.destinations if mesh.base else ():
        if not destination.subset or destination.weight == 0 or destination.is_mirror:
            continue
        if mesh.base and _is_new(mesh.index, mesh.base.index, destination):
            share = "all" if destination.weight is None else f"{destination.weight} %"
            message = f"{destination.subset} of {destination.full_host} is new and gets {share} of a route at once"
            remedy = "add it with weight 0, and move the weight once its pods are ready"
            path = destination.path[:-1] if destination.weight is None else (*destination.path[:-1], "weight")
            yield Problem(virtual_service.manifest, path, message, remedy)


def _is_new(index: Index, base: Index, destination: Destination) -> bool:
    """Whether the service is old and none of its pods at the base carried the labels of this subset."""
    host = destination.full_host
    before, now = base.registry.service(host), index.registry.service(host)
    defined = index.subsets(host).get(destination.subset)
    if before is None or now is None or not defined or not base.backends(before):
        return False
    labels = defined[0][1].labels
    return bool(index.selected({**now.selector, **labels}, now.namespace)) and not base.selected(
        {**before.selector, **labels}, before.namespace
    )
