"""Weights and subsets of a headless Service do nothing at a sidecar: the client has already picked the pod.

A headless Service resolves to pod addresses, and the sidecar sends the connection to the address that the client chose, which can
be a pod of any version. Canary by weight needs a Service with a cluster IP.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import VIRTUAL_SERVICE
from sailwright.lint.rule import Problem
from sailwright.mesh.objects.routing import VirtualService
from sailwright.mesh.world import World

ID = "headless-split"
KIND = VIRTUAL_SERVICE
SEVERITY: Severity = "warning"
ALIASES: tuple[str, ...] = ()

BAD = """
apiVersion: v1
kind: Service
metadata: {name: store, namespace: shop}
spec: {clusterIP: None, selector: {app: store}, ports: [{name: tcp, port: 9000}]}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: store, namespace: shop}
spec:
  hosts: [store]
  tcp:
    - route:
        - destination: {host: store, subset: v1}  # finding
          weight: 90
        - destination: {host: store, subset: v2}  # finding
          weight: 10
"""

GOOD = """
apiVersion: v1
kind: Service
metadata: {name: store, namespace: shop}
spec: {selector: {app: store}, ports: [{name: tcp, port: 9000}]}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: store, namespace: shop}
spec:
  hosts: [store]
  tcp:
    - route:
        - destination: {host: store, subset: v1}
          weight: 90
        - destination: {host: store, subset: v2}
          weight: 10
"""


def check(virtual_service: VirtualService, mesh: World) -> Iterator[Problem]:
    """Destinations with a subset, in mesh VirtualServices, whose host is headless."""
    if not virtual_service.in_mesh:
        return
    for destination in virtual_service.destinations:
        target = mesh.index.registry.service(destination.full_host)
        if destination.subset and target is not None and target.is_headless:
            yield Problem(
                virtual_service.manifest,
                destination.path,
                f"subset {destination.subset} selects nothing at a sidecar: Service {target.name} is headless, so each "
                "connection goes to the pod that the client dialled",
                "route to a Service with a cluster IP",
                related=((target.manifest, ("spec", "clusterIP"), "headless"),),
            )
