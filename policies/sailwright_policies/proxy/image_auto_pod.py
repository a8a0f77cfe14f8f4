"""A bare Pod with the proxy image `auto` has missed its injection, or will not have one.

`image: auto` is replaced when the pod is created. A Pod that still has it was not injected. (Without
`--compat istioctl`: one that will not be, according to the repository.)
"""

from __future__ import annotations

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import WORKLOAD
from sailwright.lint.rule import Problem
from sailwright.mesh.objects.workloads import Workload
from sailwright.mesh.world import World

ID = "image-auto-pod"
KIND = WORKLOAD
SEVERITY: Severity = "error"
ALIASES = ("IST0147",)
BAD = """
apiVersion: v1
kind: Pod
metadata: {name: probe, namespace: shop, labels: {sidecar.istio.io/inject: "false"}}
spec:
  containers:
    - name: istio-proxy
      image: auto  # finding
"""
GOOD = BAD.replace("  # finding", "").replace('"false"', '"true"')


def check(pod: Workload, mesh: World) -> Iterator[Problem]:
    """Look at the proxy image of a Pod. The analyzers do not ask whether it is injected, and overlook native sidecars."""
    proxy = pod.proxy
    if not pod.is_pod or proxy is None or proxy.image != "auto":
        return
    if not proxy.init if mesh.facts.compat else mesh.index.injected(pod) is False:
        message = f"the Pod {pod.name} has the proxy image `auto`"
        yield Problem(pod.manifest, (*proxy.path, "image"), message, "have it injected")
