"""A container port of the sidecar's own range is taken by the proxy, or never reached.

Envoy and the agent listen on 15000 to 15090 inside the pod: an application that binds one of their ports makes the proxy
fail to start, and traffic to them is not redirected to the application as usual.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import WORKLOAD
from sailwright.lint.rule import Problem
from sailwright.mesh.objects.workloads import Workload
from sailwright.mesh.world import World
from sailwright.source.untyped import entries, number

ID = "sidecar-port-reserved"
KIND = WORKLOAD
SEVERITY: Severity = "warning"
ALIASES: tuple[str, ...] = ()

BAD = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: reviews, namespace: shop}
spec:
  template:
    metadata:
      labels: {app: reviews, sidecar.istio.io/inject: "true"}
    spec:
      containers:
        - name: reviews
          image: reviews:1.0.0
          ports:
            - containerPort: 15001  # finding
"""

GOOD = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: reviews, namespace: shop}
spec:
  template:
    metadata:
      labels: {app: reviews, sidecar.istio.io/inject: "true"}
    spec:
      containers:
        - name: reviews
          image: reviews:1.0.0
          ports:
            - containerPort: 9080
"""

RESERVED = {
    15000: "Envoy's administration",
    15001: "outbound traffic",
    15004: "the agent's debug interface",
    15006: "inbound traffic",
    15008: "the mTLS tunnel",
    15020: "the agent's merged metrics and probes",
    15021: "health checks",
    15053: "DNS",
    15090: "Envoy's metrics",
}
"""istio.io, "Ports used by Istio": the sidecar's."""


def check(workload: Workload, mesh: World) -> Iterator[Problem]:
    """Ports of application containers in pods that have a sidecar."""
    if not mesh.index.injected(workload) or "istio" in workload.labels:
        return  # a gateway is the proxy itself
    for container in workload.applications:
        for path, port in entries(container.value.get("ports"), (*container.path, "ports")):
            use = RESERVED.get(number(port.get("containerPort")))
            if use:
                yield Problem(
                    workload.manifest,
                    (*path, "containerPort"),
                    f"port {number(port.get('containerPort'))} belongs to the sidecar beside {container.name}: {use}",
                    "let the application listen on a port outside 15000-15090",
                )
