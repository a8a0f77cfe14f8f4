"""One resource annotation of the sidecar drops every default request and limit that the others do not set.

The injection template writes either the mesh's resources block or the one made of `sidecar.istio.io/proxyCPU`,
`proxyMemory`, `proxyCPULimit` and `proxyMemoryLimit`: as soon as one of the four is there, the defaults (100m and 128Mi
requested, 2 cpu and 1Gi at most) are gone for the proxy and its init container, not just the one that was meant.
"""

from collections.abc import Iterable, Iterator, Sequence

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import WORKLOAD
from sailwright.lint.rule import Problem
from sailwright.mesh.objects.sidecar_containers import RESOURCE_ANNOTATIONS, sidecar_resources
from sailwright.mesh.objects.workloads import Workload
from sailwright.mesh.world import World

ID = "sidecar-annotations-partial"
KIND = WORKLOAD
SEVERITY: Severity = "warning"
ALIASES: tuple[str, ...] = ()
PARAMETERS = {"optional": "resource annotations that may be left out, as [proxyCPULimit]"}

BAD = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: reviews, namespace: shop}
spec:
  template:
    metadata:
      annotations:
        sidecar.istio.io/proxyCPU: 200m  # finding
    spec:
      containers: [{name: reviews, image: "reviews:1.0.0"}]
"""

GOOD = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: reviews, namespace: shop}
spec:
  template:
    metadata:
      annotations:
        sidecar.istio.io/proxyCPU: 200m
        sidecar.istio.io/proxyMemory: 128Mi
        sidecar.istio.io/proxyCPULimit: "1"
        sidecar.istio.io/proxyMemoryLimit: 256Mi
    spec:
      containers: [{name: reviews, image: "reviews:1.0.0"}]
"""


def check(workload: Workload, _: World, *, optional: Sequence[str] = ()) -> Iterator[Problem]:
    """Workloads with some of the four annotations but not all."""
    needed = {amount: name for amount, name in RESOURCE_ANNOTATIONS.items() if name.rpartition("/")[2] not in optional}
    for found in sidecar_resources(workload):
        missing = {amount: name for amount, name in needed.items() if amount not in found.amounts}
        if found.container or not missing:
            continue
        present = next(iter(found.amounts.values()))
        what = ", no ".join(
            f"{name} {side.removesuffix('s')}" for side, name in needed if (side, name) not in found.amounts
        )
        yield Problem(
            workload.manifest,
            present.path,
            f"the sidecar gets no {what}: one resource annotation switches all of Istio's defaults off",
            f"set {', '.join(_fields(missing) if workload.manifest.origin else missing.values())} too",
        )


def _fields(missing: Iterable[tuple[str, str]]) -> Iterator[str]:
    """What the author of a service.yaml writes for the annotations."""
    for side, name in missing:
        yield f"mesh.sidecar.resources.{side}.{name}"
