"""A sidecar image whose tag is no release cannot be checked: its distance from the control plane is unknown.

`latest`, a digest alone or a name of one's own says nothing about the release. Rules about releases are silent about such a
proxy.
"""

from collections.abc import Hashable, Iterable, Iterator

from sailwright.diagnostics.finding import Path, Severity
from sailwright.lint.kinds import EACH_WORKLOAD
from sailwright.lint.rule import Problem
from sailwright.mesh.objects.workloads import Workload
from sailwright.mesh.queries.proxies import proxy_image
from sailwright.mesh.values.image import image
from sailwright.mesh.values.releases import release_numbers
from sailwright.mesh.world import World

ID = "proxy-release-unknown"
SEVERITY: Severity = "info"
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
        sidecar.istio.io/proxyImage: example.com/proxyv2:latest  # finding
    spec: {containers: [{name: cart, image: "example.com/cart:1.0"}]}
"""
GOOD = (
    BAD.replace("latest  # finding", "1.31.0"),
    BAD.replace("latest  # finding", "1.31.0-distroless"),
    BAD.replace('"true"', '"false"').replace("  # finding", ""),
)


def _image(workload: Workload, mesh: World) -> tuple[Path, str]:
    """Where the image of a workload's sidecar is written, and what; empty where it tells its release or is nowhere."""
    path, written = proxy_image(workload)
    known = not written or release_numbers(image(written).tag) or mesh.index.injected(workload) is False
    return ((), "") if known else (path, written)


def _by_image(workload: Workload, mesh: World) -> Iterable[Hashable]:
    written = _image(workload, mesh)[1]
    return (written,) if written else ()


KIND = EACH_WORKLOAD.grouped_by(_by_image)


def check(workloads: tuple[Workload, ...], mesh: World) -> Iterator[Problem]:
    """Each such image once, at the first workload that has it."""
    path, written = _image(workloads[0], mesh)
    others = f" (and {len(workloads) - 1} more workloads)" if len(workloads) > 1 else ""
    yield Problem(
        workloads[0].manifest,
        path,
        f"the release of the sidecar image {written} of {workloads[0].kind} {workloads[0].name}{others} cannot be told",
        "use a tag that is a release, as 1.31.0; a digest may follow it",
    )
