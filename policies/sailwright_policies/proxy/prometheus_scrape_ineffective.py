"""Behind a sidecar the agent scrapes the application, at a port number and without TLS: other wishes lose the metrics.

Istio takes `prometheus.io/port` into the agent, which asks http://localhost:PORT. A port name is no number: from 1.31 on
injection refuses the pod, before that the metrics were missing. `prometheus.io/scheme: https` is not passed on.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import WORKLOAD
from sailwright.lint.rule import Problem
from sailwright.mesh.objects.workloads import Workload
from sailwright.mesh.world import World

ID = "prometheus-scrape-ineffective"
KIND = WORKLOAD
SEVERITY: Severity = "warning"
ALIASES: tuple[str, ...] = ()

BAD = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: cart, namespace: shop}
spec:
  template:
    metadata:
      labels: {app: cart, sidecar.istio.io/inject: "true"}
      annotations:
        prometheus.io/port: metrics  # finding
        prometheus.io/scheme: https  # finding
    spec: {containers: [{name: cart, image: "example.com/cart:1.0", ports: [{name: metrics, containerPort: 9100}]}]}
"""
GOOD = (
    BAD.replace("metrics  # finding", '"9100"').replace("https  # finding", "http"),
    BAD.replace("  # finding", "").replace("annotations:\n", 'annotations:\n        prometheus.io/scrape: "false"\n'),
    BAD.replace("  # finding", "").replace(
        "annotations:\n", 'annotations:\n        prometheus.istio.io/merge-metrics: "false"\n'
    ),
    BAD.replace("  # finding", "").replace('"true"', '"false"'),
)

_OFF = ("false", "0", "f", "F", "FALSE", "False")


def check(workload: Workload, mesh: World) -> Iterator[Problem]:
    """The annotations of pods that surely get a sidecar which merges their metrics."""
    own = workload.annotations
    off = own.get("prometheus.istio.io/merge-metrics") in _OFF or own.get("prometheus.io/scrape") in _OFF
    if off or mesh.facts.mesh_config.get("enablePrometheusMerge") is False or not mesh.index.injected(workload):
        return
    port, scheme = own.get("prometheus.io/port", ""), own.get("prometheus.io/scheme", "")
    if port and not (port.isascii() and port.isdecimal()):
        number = workload.container_ports.get(port)
        yield Problem(
            workload.manifest,
            workload.path("metadata", "annotations", "prometheus.io/port"),
            f"`{port}` is no number, and the sidecar's agent looks up no names: there will be no metrics, "
            "or no pod (from Istio 1.31 on)",
            f'write "{number}"' if number else "write the number of the port",
        )
    if scheme == "https":
        yield Problem(
            workload.manifest,
            workload.path("metadata", "annotations", "prometheus.io/scheme"),
            "the sidecar's agent scrapes the application without TLS: its metrics will be missing",
            'serve metrics as http, or set prometheus.istio.io/merge-metrics: "false"',
        )
