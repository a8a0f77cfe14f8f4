"""A native sidecar on a Kubernetes version that does not know it blocks the pod for ever.

Before Kubernetes 1.29 an init container's `restartPolicy: Always` is ignored unless a feature gate is set: the kubelet
waits for the proxy to end before it starts the application.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import PROJECT, WORKLOAD
from sailwright.lint.rule import Example, Problem
from sailwright.mesh.facts import Facts
from sailwright.mesh.objects.workloads import Workload
from sailwright.mesh.values.releases import release_numbers
from sailwright.mesh.world import World
from sailwright.source.manifest import Manifest

ID = "native-sidecar-unsupported"
KIND = WORKLOAD | PROJECT
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


NATIVE = "sidecar.istio.io/nativeSidecar"


def check(subject: Workload | Manifest, mesh: World) -> Iterator[Problem]:
    """A baked native proxy, the annotation, and the declared sidecarMode."""
    old = [version for version in mesh.facts.kubernetes_versions if () < release_numbers(version)[:2] < FIRST]
    if not old:
        return
    message = f"Kubernetes {', '.join(old)} does not know native sidecars: the application would never start"
    remedy = "use classic sidecars until every cluster runs Kubernetes 1.29 or newer"
    declared = mesh.declared("istio", "sidecarMode")
    if not isinstance(subject, Workload):
        if declared is not None and mesh.facts.sidecar_mode == "native":
            yield Problem(subject, declared, message, remedy)
    elif declared is not None and subject.manifest.origin is not None:
        return  # rendered as sailwright.yaml says: reported there, once
    elif subject.proxy is not None and subject.proxy.is_native_sidecar:
        yield Problem(subject.manifest, (*subject.proxy.path, "restartPolicy"), message, remedy)
    elif subject.annotations.get(NATIVE) == "true":
        yield Problem(subject.manifest, subject.path("metadata", "annotations", NATIVE), message, remedy)
