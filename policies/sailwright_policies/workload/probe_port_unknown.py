"""A probe of a port name that the container does not have never succeeds: behind a sidecar the agent answers it with 400.

Injection rewrites probes to the agent and looks the name up in the container's own ports. Without a sidecar the kubelet fails
in the same way.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.diagnostics.suggestions import did_you_mean
from sailwright.lint.kinds import WORKLOAD
from sailwright.lint.rule import Problem
from sailwright.mesh.objects.workloads import Workload
from sailwright.mesh.world import World
from sailwright.source.untyped import entries, get, text

ID = "probe-port-unknown"
KIND = WORKLOAD
SEVERITY: Severity = "error"
ALIASES: tuple[str, ...] = ()

BAD = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: reviews, namespace: shop}
spec:
  template:
    spec:
      containers:
        - name: reviews
          image: reviews:1.0.0
          ports: [{name: http, containerPort: 9080}]
          readinessProbe:
            httpGet: {path: /health, port: web}  # finding
"""

GOOD = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: reviews, namespace: shop}
spec:
  template:
    spec:
      containers:
        - name: reviews
          image: reviews:1.0.0
          ports: [{name: http, containerPort: 9080}]
          readinessProbe:
            httpGet: {path: /health, port: http}
"""


def check(workload: Workload, _: World) -> Iterator[Problem]:
    """Named ports of the application containers' probes; a number may be right without being declared."""
    for container in workload.applications:
        names = [text(port.get("name")) for _, port in entries(container.value.get("ports"), ()) if port.get("name")]
        for probe in ("startupProbe", "readinessProbe", "livenessProbe"):
            for action in ("httpGet", "tcpSocket"):
                port = get(container.value, probe, action, "port")
                if isinstance(port, str) and not port.isdecimal() and port not in names:
                    yield Problem(
                        workload.manifest,
                        (*container.path, probe, action, "port"),
                        f"container {container.name} has no port named {port}",
                        did_you_mean(port, names, "name one of its ports so, or write the number"),
                    )
