"""A Windows pod cannot have a sidecar: the proxy's image and istio-init are for Linux.

The API server refuses a pod with `os: {name: windows}` whose containers have Linux's security settings, as istio-proxy has;
without `os`, the node finds no image for its system.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Path, Severity
from sailwright.lint.kinds import WORKLOAD
from sailwright.lint.rule import Problem
from sailwright.mesh.objects.workloads import Workload
from sailwright.mesh.world import World
from sailwright.source.untyped import get

ID = "sidecar-on-windows"
SEVERITY: Severity = "warning"
ALIASES: tuple[str, ...] = ()
KIND = WORKLOAD

BAD = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: cart, namespace: shop}
spec:
  template:
    metadata:
      labels: {app: cart, sidecar.istio.io/inject: "true"}
    spec:
      os: {name: windows}  # finding
      containers: [{name: cart, image: "example.com/cart:1.0.0"}]
"""

GOOD = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: cart, namespace: shop}
spec:
  template:
    metadata:
      labels: {app: cart, sidecar.istio.io/inject: "false"}
    spec:
      os: {name: windows}
      containers: [{name: cart, image: "example.com/cart:1.0.0"}]
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  template:
    metadata:
      labels: {app: web, sidecar.istio.io/inject: "true"}
    spec:
      nodeSelector: {kubernetes.io/os: linux}
      containers: [{name: web, image: "example.com/web:1.0.0"}]
"""


def check(workload: Workload, mesh: World) -> Iterator[Problem]:
    """Pods that run on Windows and have a sidecar, or will get one."""
    path = _windows(workload)
    if path and not workload.host_network and (workload.proxy is not None or mesh.index.injected(workload)):
        yield Problem(
            workload.manifest,
            path,
            f"the pods of {workload.kind} {workload.name} run on Windows, where the sidecar cannot run",
            'label the pods sidecar.istio.io/inject: "false"',
        )


def _windows(workload: Workload) -> Path:
    """What places the pods on Windows; empty where nothing does."""
    for keys in (("os", "name"), ("nodeSelector", "kubernetes.io/os")):
        if get(workload.spec, *keys) == "windows":
            return workload.path("spec", *keys)
    return ()
