"""A port left out of redirection is served without mTLS, policy and telemetry, although a Service leads traffic to it.

`excludeInboundPorts` (and `includeInboundPorts` without the port) send the connection past the proxy: a STRICT
PeerAuthentication no longer protects it, and a client's sidecar that sends mTLS to it gets an unreadable answer.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import WORKLOAD
from sailwright.lint.rule import Problem
from sailwright.mesh.objects.workloads import Workload
from sailwright.mesh.world import World

ID = "sidecar-skips-own-port"
KIND = WORKLOAD
SEVERITY: Severity = "warning"
ALIASES: tuple[str, ...] = ()

BAD = """
apiVersion: v1
kind: Service
metadata: {name: reviews, namespace: shop}
spec:
  selector: {app: reviews}
  ports: [{name: http, port: 80, targetPort: 9080}]
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: reviews, namespace: shop}
spec:
  template:
    metadata:
      labels: {app: reviews}
      annotations:
        traffic.sidecar.istio.io/excludeInboundPorts: "9080,9090"  # finding
    spec:
      containers: [{name: reviews, image: "reviews:1.0.0", ports: [{containerPort: 9080}]}]
"""

GOOD = """
apiVersion: v1
kind: Service
metadata: {name: reviews, namespace: shop}
spec:
  selector: {app: reviews}
  ports: [{name: http, port: 80, targetPort: 9080}]
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: reviews, namespace: shop}
spec:
  template:
    metadata:
      labels: {app: reviews}
      annotations:
        traffic.sidecar.istio.io/excludeInboundPorts: "9090"
    spec:
      containers: [{name: reviews, image: "reviews:1.0.0", ports: [{containerPort: 9080}]}]
"""

EXCLUDED = "traffic.sidecar.istio.io/excludeInboundPorts"


def check(workload: Workload, mesh: World) -> Iterator[Problem]:
    """Excluded ports that a Service of the workload sends HTTP or gRPC to: no server-first protocol excuses those."""
    excluded = {part.strip() for part in workload.annotations.get(EXCLUDED, "").split(",")} - {""}
    if not excluded:
        return
    for service in mesh.index.services_of(workload):
        for port in service.ports:
            target = workload.port_number(port.target) if port.target is not None else port.number
            if port.protocol.is_http and str(target) in excluded:
                yield Problem(
                    workload.manifest,
                    workload.path("metadata", "annotations", EXCLUDED),
                    f"port {target} bypasses the sidecar, yet Service {service.name} sends {port.protocol.name} to it",
                    f"take {target} out of {EXCLUDED}, or the port out of the Service",
                    related=((service.manifest, port.path, "the port of the Service"),),
                )
