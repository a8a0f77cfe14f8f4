"""A proxy newer than its control plane, or more than one minor behind it, is a combination that Istio does not test.

Istio supports a control plane that is one minor ahead of its proxies, and no proxy ahead of its control plane: upgrade
istiod first, then rebake. A baked proxy stays what it is until its manifest changes, so the skew has to be seen in review.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import PROJECT, WORKLOAD
from sailwright.lint.rule import Example, Problem
from sailwright.mesh.facts import Facts
from sailwright.mesh.objects.namespaces import REVISION_LABEL
from sailwright.mesh.objects.workloads import Workload
from sailwright.mesh.queries.proxies import foreign_proxy, proxy_image, revision_of
from sailwright.mesh.values.image import image
from sailwright.mesh.values.releases import Numbers, dotted, release_numbers
from sailwright.mesh.world import World
from sailwright.source.manifest import Manifest

ID = "proxy-version-skew"
KIND = WORKLOAD | PROJECT
SEVERITY: Severity = "error"
ALIASES: tuple[str, ...] = ()
PARAMETERS = {"exact": "whether proxy and control plane have to be the very same release"}

BAD = (
    Example(
        """
apiVersion: apps/v1
kind: Deployment
metadata: {name: reviews, namespace: shop}
spec:
  template:
    metadata:
      annotations: {istio.io/rev: canary}
    spec:
      containers:
        - {name: reviews, image: "reviews:1.0.0"}
        - name: istio-proxy
          image: docker.io/istio/proxyv2:1.31.0  # finding
""",
        Facts(control_planes={"default": "1.31.0", "canary": "1.30.3"}),
    ),
    Example(
        """
apiVersion: sailwright/v1alpha1
istio:
  version: 1.29.6  # finding
  controlPlanes: {default: 1.31.0}
""",
        Facts(istio_version="1.29.6", control_planes={"default": "1.31.0"}),
    ),
)
GOOD = Example(
    """
apiVersion: apps/v1
kind: Deployment
metadata: {name: reviews, namespace: shop}
spec:
  template:
    metadata:
      annotations: {istio.io/rev: default}
    spec:
      initContainers:
        - name: istio-proxy
          image: docker.io/istio/proxyv2:1.30.3-distroless
          restartPolicy: Always
      containers:
        - {name: reviews, image: "reviews:1.0.0"}
""",
    Facts(control_planes={"default": "1.31.0"}),
)


def check(subject: Workload | Manifest, mesh: World, *, exact: bool = False) -> Iterator[Problem]:
    """A baked proxy, or the release that sailwright.yaml bakes, against the control plane of its revision."""
    if isinstance(subject, Workload):
        proxy = foreign_proxy(subject, mesh)
        path, written = proxy_image(subject)
        if proxy is None and (not written or subject.proxy is not None or mesh.index.injected(subject) is False):
            return
        manifest, what = subject.manifest, "proxy"
        release = proxy.release if proxy is not None else release_numbers(image(written).tag)
        revision = revision_of(subject) or subject.labels.get(REVISION_LABEL) or mesh.facts.revision
    else:
        declared = mesh.declared("istio", "version")
        if declared is None:
            return
        manifest, path, what = subject, declared, "istio.version"
        release, revision = release_numbers(mesh.facts.istio_version), mesh.facts.revision
    plane = mesh.facts.control_planes.get(revision, "")
    fault = _fault(release, release_numbers(plane), exact=exact)
    if fault:
        message = f"{what} {dotted(release)} {fault} of revision {revision}, {plane}"
        severity = _severity(release, release_numbers(plane), exact=exact)
        yield Problem(manifest, path, message, _remedy(release, plane, exact=exact), severity=severity)


def _fault(proxy: Numbers, plane: Numbers, *, exact: bool) -> str:
    if not proxy or not plane:
        return ""
    if proxy[:2] > plane[:2] or (len(proxy) == len(plane) and proxy > plane):
        return "is ahead of the control plane"
    if proxy[0] != plane[0] or plane[1] - proxy[1] > 1:
        return "is more than one minor behind the control plane"
    return "is not exactly the release of the control plane" if exact and proxy != plane else ""


def _severity(proxy: Numbers, plane: Numbers, *, exact: bool) -> Severity | None:
    """A patch ahead of its control plane is out of order, and rarely more than that."""
    return "warning" if proxy[:2] == plane[:2] and not exact else None


def _remedy(proxy: Numbers, plane: str, *, exact: bool) -> str:
    """A proxy that is behind has to come up; one that is ahead goes back, or the control plane comes up to it."""
    numbers = release_numbers(plane)
    if exact:
        return f"bake {plane}"
    bake = f"bake {numbers[0]}.{numbers[1]} or {numbers[0]}.{numbers[1] - 1}"
    return f"{bake}, or upgrade the control plane first" if proxy > numbers else bake
