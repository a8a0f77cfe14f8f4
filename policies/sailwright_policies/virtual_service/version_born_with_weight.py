"""A version that is new in this change gets traffic at once: it is sent requests before its pods are ready.

The route reaches the sidecars within a second or two; images take longer to pull, and a crashing version takes its share of the
requests down with it. Deploy it with weight 0 first, see it run, and move the weight in a second change.
"""

from __future__ import annotations

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.rule import Example, Problem
from sailwright.mesh.objects.routing import Destination
from sailwright.mesh.world import World

ID = "version-born-with-weight"
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


def check(world: World) -> Iterator[Problem]:
    """Look at every destination with a share whose pods the base did not have."""
    if world.base is None:
        return
    for service in world.index.virtual_services:
        for destination in service.destinations:
            if not destination.subset or destination.weight == 0 or destination.is_mirror:
                continue
            if _is_new(world, world.base, destination):
                share = "all" if destination.weight is None else f"{destination.weight} %"
                message = f"{destination.subset} of {destination.full_host} is new and gets {share} of a route at once"
                remedy = "add it with weight 0, and move the weight once its pods are ready"
                path = destination.path[:-1] if destination.weight is None else (*destination.path[:-1], "weight")
                yield Problem(service.manifest, path, message, remedy)


def _is_new(world: World, base: World, destination: Destination) -> bool:
    """Whether the service is old and none of its pods at the base carried the labels of this subset."""
    before, now = (
        base.index.registry.service(destination.full_host),
        world.index.registry.service(destination.full_host),
    )
    defined = world.index.subsets(destination.full_host).get(destination.subset)
    if before is None or now is None or not defined or not base.index.backends(before):
        return False
    labels = {**before.selector, **defined[0][1].labels}
    new_labels = {**now.selector, **defined[0][1].labels}
    return bool(world.index.selected(new_labels, now.namespace)) and not base.index.selected(labels, before.namespace)
