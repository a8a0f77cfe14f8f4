"""A native sidecar on a Kubernetes version that does not know it blocks the pod for ever.

Before Kubernetes 1.29 an init container's `restartPolicy: Always` is ignored unless a feature gate is set: the kubelet
waits for the proxy to end before it starts the application.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.rule import Example, Problem
from sailwright.mesh.facts import Facts
from sailwright.mesh.queries.proxies import release_numbers
from sailwright.mesh.world import World

ID = "native-sidecar-unsupported"
SEVERITY: Severity = "error"
ALIASES: tuple[str, ...] = ()

BAD = Example(
    """
apiVersion: apps/v1
kind: Deployment
metadata: {name: reviews, namespace: shop}
spec:
  template:
    spec:
      initContainers:
        - name: istio-proxy
          image: docker.io/istio/proxyv2:1.28.10
          restartPolicy: Always  # finding
      containers:
        - {name: reviews, image: "reviews:1.0.0"}
""",
    Facts(kubernetes_versions=("1.28", "1.30")),
)
GOOD = Example(BAD.text.replace("  # finding", ""), Facts(kubernetes_versions=("1.30",)))

FIRST = (1, 29)
"""SidecarContainers is on by default from here (Kubernetes feature gates)."""


def check(world: World) -> Iterator[Problem]:
    """Baked native proxies, the annotation, and the declared sidecarMode."""
    old = [version for version in world.facts.kubernetes_versions if () < release_numbers(version)[:2] < FIRST]
    if not old:
        return
    message = f"Kubernetes {', '.join(old)} does not know native sidecars: the application would never start"
    remedy = "use classic sidecars until every cluster runs Kubernetes 1.29 or newer"
    path = world.declared("istio", "sidecarMode")
    for workload in world.index.workloads:
        if path is not None and workload.manifest.origin is not None:
            continue  # rendered as sailwright.yaml says: judged there, once
        if workload.proxy is not None and workload.proxy.is_native_sidecar:
            yield Problem(workload.manifest, (*workload.proxy.path, "restartPolicy"), message, remedy)
        elif workload.annotations.get(NATIVE) == "true":
            yield Problem(workload.manifest, workload.path("metadata", "annotations", NATIVE), message, remedy)
    if world.project is not None and path is not None and world.facts.sidecar_mode == "native":
        yield Problem(world.project, path, message, remedy)


NATIVE = "sidecar.istio.io/nativeSidecar"
