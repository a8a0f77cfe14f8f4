"""A privileged application beside a sidecar can rewrite the rules that lead its traffic through the proxy.

With `privileged`, SYS_ADMIN or NET_ADMIN a container changes the pod's iptables or reads the proxy's certificates: mTLS and
policy hold only as long as it does not.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import WORKLOAD
from sailwright.lint.rule import Problem
from sailwright.mesh.objects.workloads import Workload
from sailwright.mesh.world import World
from sailwright.source.untyped import get, mapping, texts

ID = "container-privileged"
KIND = WORKLOAD
SEVERITY: Severity = "warning"
ALIASES: tuple[str, ...] = ()

BAD = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: reviews, namespace: shop}
spec:
  template:
    metadata: {labels: {sidecar.istio.io/inject: "true"}}
    spec:
      containers:
        - name: reviews
          image: reviews:1.0.0
          securityContext:
            privileged: true  # finding
"""

GOOD = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: reviews, namespace: shop}
spec:
  template:
    metadata: {labels: {sidecar.istio.io/inject: "true"}}
    spec:
      containers:
        - name: reviews
          image: reviews:1.0.0
          securityContext:
            allowPrivilegeEscalation: false
        - name: istio-proxy
          image: docker.io/istio/proxyv2:1.31.0
          securityContext:
            privileged: true
"""

POWERS = ("ALL", "SYS_ADMIN", "NET_ADMIN")


def check(workload: Workload, mesh: World) -> Iterator[Problem]:
    """Application containers of pods that surely have a sidecar; what injection adds needs NET_ADMIN and is left out."""
    if not mesh.index.injected(workload):
        return
    for container in workload.applications:
        context = mapping(container.value.get("securityContext"))
        added = [power for power in texts(get(context, "capabilities", "add")) if power.removeprefix("CAP_") in POWERS]
        if context.get("privileged") is not True and not added:
            continue
        path = (*container.path, "securityContext")
        what = "is privileged" if context.get("privileged") is True else f"adds {', '.join(added)}"
        yield Problem(
            workload.manifest,
            (*path, "privileged") if context.get("privileged") is True else (*path, "capabilities", "add"),
            f"container {container.name} {what}: it can switch its own sidecar off",
            "remove it, or keep the workload out of the mesh if it needs the node",
        )
