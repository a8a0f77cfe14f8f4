"""Port level mTLS is set for a port of the workload: a Service's port that differs from it matches nothing.

The keys of `portLevelMtls` are the ports that the pod listens on, not those of the Service in front of it.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.rule import Problem
from sailwright.mesh.queries.peer_authentication import peer_authentications
from sailwright.mesh.world import World
from sailwright.source.untyped import mapping

ID = "port-level-mtls-service-port"
SEVERITY: Severity = "warning"
ALIASES: tuple[str, ...] = ()

BAD = """
apiVersion: v1
kind: Service
metadata: {name: reviews, namespace: shop}
spec: {selector: {app: reviews}, ports: [{name: http, port: 80, targetPort: 9080}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: reviews, namespace: shop}
spec:
  template:
    metadata: {labels: {app: reviews}}
    spec: {containers: [{name: reviews, ports: [{containerPort: 9080}]}]}
---
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: reviews, namespace: shop}
spec:
  selector: {matchLabels: {app: reviews}}
  portLevelMtls:
    80: {mode: DISABLE}  # finding
"""

GOOD = """
apiVersion: v1
kind: Service
metadata: {name: reviews, namespace: shop}
spec: {selector: {app: reviews}, ports: [{name: http, port: 80, targetPort: 9080}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: reviews, namespace: shop}
spec:
  template:
    metadata: {labels: {app: reviews}}
    spec: {containers: [{name: reviews, ports: [{containerPort: 9080}]}]}
---
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: reviews, namespace: shop}
spec:
  selector: {matchLabels: {app: reviews}}
  portLevelMtls:
    9080: {mode: DISABLE}
"""


def check(world: World) -> Iterator[Problem]:
    """Keys that are a Service's port, and neither a target nor a container port of any selected workload."""
    for found in peer_authentications(world.index):
        workloads = world.index.selected(found.selector, found.namespace) if found.selector else ()
        if not workloads or not found.manifest.spec.get("portLevelMtls"):
            continue
        targets: dict[int, int | None] = {}
        listening: set[int | None] = set()
        for workload in workloads:
            listening.update(workload.container_ports.values())
            for service in world.index.services_of(workload):
                for port in service.ports:
                    target = workload.port_number(port.target if port.target is not None else port.number)
                    listening.add(target)
                    targets[port.number] = target
        for key in mapping(found.manifest.spec.get("portLevelMtls")):
            number = int(key) if str(key).isdecimal() else 0
            if number in targets and number not in listening:
                yield Problem(
                    found.manifest,
                    ("spec", "portLevelMtls", key),
                    f"{number} is a port of the Service, and no selected pod listens on it: this is never used",
                    f"write the pod's port, {targets[number]}" if targets[number] else "write the pod's port",
                    key=True,
                )
