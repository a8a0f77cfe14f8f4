"""Port level mTLS is set for a port of the workload: a Service's port that differs from it matches nothing.

The keys of `portLevelMtls` are the ports that the pod listens on, not those of the Service in front of it.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import PEER_AUTHENTICATION
from sailwright.lint.rule import Problem
from sailwright.mesh.queries.peer_authentication import peer_authentication
from sailwright.mesh.world import World
from sailwright.source.manifest import Manifest
from sailwright.source.untyped import mapping

ID = "port-level-mtls-service-port"
KIND = PEER_AUTHENTICATION
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


def check(manifest: Manifest, mesh: World) -> Iterator[Problem]:
    """Keys that are a Service's port, and neither a target nor a container port of any selected workload."""
    own, levels = peer_authentication(manifest, mesh.index), mapping(manifest.spec.get("portLevelMtls"))
    workloads = mesh.index.selected(own.selector, own.namespace) if own.selector and levels else ()
    listening: set[int | None] = {port for workload in workloads for port in workload.container_ports.values()}
    targets: dict[int, int | None] = {}
    for workload in workloads:
        for service in mesh.index.services_of(workload):
            targets |= {port.number: workload.port_number(port.on_pod) for port in service.ports}
            listening.update(workload.port_number(port.on_pod) for port in service.ports)
    for key in levels:
        number = int(key) if str(key).isdecimal() else 0
        if number in targets and number not in listening:
            yield Problem(
                manifest,
                ("spec", "portLevelMtls", key),
                f"{number} is a port of the Service, and no selected pod listens on it: this is never used",
                f"write the pod's port, {targets[number]}" if targets[number] else "write the pod's port",
                key=True,
            )
