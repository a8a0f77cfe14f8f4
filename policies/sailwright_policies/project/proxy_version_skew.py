"""A proxy newer than its control plane, or more than one minor behind it, is a combination that Istio does not test.

Istio supports a control plane that is one minor ahead of its proxies, and no proxy ahead of its control plane: upgrade
istiod first, then rebake. A baked proxy stays what it is until its manifest changes, so the skew has to be seen in review.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Path, Severity
from sailwright.lint.kinds import PROJECT, WORKLOAD
from sailwright.lint.rule import Example, Problem
from sailwright.mesh.facts import Facts
from sailwright.mesh.objects.namespaces import REVISION_LABEL
from sailwright.mesh.objects.workloads import Workload
from sailwright.mesh.queries.project_namespaces import (
    control_planes_in,
    namespace_blocks,
    namespace_istio,
    revision_in,
    version_in,
)
from sailwright.mesh.queries.proxies import baked_proxy, foreign_proxy, proxy_image, revision_of
from sailwright.mesh.values.image import image
from sailwright.mesh.values.releases import Numbers, dotted, release_numbers
from sailwright.mesh.world import World
from sailwright.runtime.records import dataclass
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
    Example(
        """
apiVersion: sailwright/v1alpha1
istio: {version: 1.30.3, controlPlanes: {default: 1.30.3}}
namespaces:
  shop:
    istio: {version: 1.31.0}  # finding
""",
        Facts(istio_version="1.30.3", control_planes={"default": "1.30.3"}),
    ),
    Example(
        """
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {istio.io/rev: canary}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: reviews, namespace: shop}
spec:
  template:
    metadata:
      annotations: {sidecar.istio.io/proxyImage: "example.com/proxyv2:1.29.6"}  # finding
    spec: {containers: [{name: reviews, image: "reviews:1.0.0"}]}
""",
        Facts(control_planes={"default": "1.30.3", "canary": "1.31.0"}),
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
    found = _of_workload(subject, mesh) if isinstance(subject, Workload) else _of_project(subject, mesh)
    for proxy in found:
        release, plane = proxy.release, release_numbers(proxy.plane)
        fault = _fault(release, plane, exact=exact)
        if fault:
            message = f"{proxy.what} {dotted(release)} {fault} of revision {proxy.revision}, {proxy.plane}"
            remedy, severity = _remedy(release, proxy.plane, exact=exact), _severity(release, plane, exact=exact)
            yield Problem(proxy.manifest, proxy.path, message, remedy, severity=severity)


@dataclass(frozen=True, slots=True)
class _Proxy:
    """The release of a proxy, where it is written, and the control plane that it asks."""

    manifest: Manifest
    path: Path
    what: str
    release: Numbers
    revision: str
    plane: str


def _of_workload(workload: Workload, mesh: World) -> Iterator[_Proxy]:
    """What a rendered pod has from the project itself is reported there."""
    planes = control_planes_in(mesh, workload.namespace)
    if not planes:
        return
    baked, (path, written) = baked_proxy(workload), proxy_image(workload)
    if not written or (baked is None and (workload.proxy is not None or mesh.index.injected(workload) is False)):
        return
    namespace, revision = workload.namespace, _revision(workload, mesh)
    if foreign_proxy(workload, mesh) is None and baked is not None and revision == revision_in(mesh, namespace):
        return
    release = release_numbers(image(written).tag)
    yield _Proxy(workload.manifest, path, "proxy", release, revision, planes.get(revision, ""))


def _revision(workload: Workload, mesh: World) -> str:
    """The revision that a baked pod names; of others the namespace's label goes before their own."""
    if workload.proxy is not None:
        return revision_of(workload) or revision_in(mesh, workload.namespace)
    namespace = mesh.index.namespace(workload.namespace).revision
    return namespace or workload.labels.get(REVISION_LABEL) or revision_in(mesh, workload.namespace)


def _of_project(project: Manifest, mesh: World) -> Iterator[_Proxy]:
    """The release for all of the cluster, and that of each namespace whose `istio` block sets it or its control plane."""
    declared = mesh.declared("istio", "version")
    if declared is not None:
        revision, planes = mesh.facts.revision, mesh.facts.control_planes
        release = release_numbers(mesh.facts.istio_version)
        yield _Proxy(project, declared, "istio.version", release, revision, planes.get(revision, ""))
    for name, path in namespace_blocks(mesh):
        own = [key for key in ("version", "revision", "controlPlanes") if namespace_istio(mesh, name).get(key)]
        if own and (declared is not None or own[0] == "version"):
            release, revision = release_numbers(version_in(mesh, name)), revision_in(mesh, name)
            plane = control_planes_in(mesh, name).get(revision, "")
            yield _Proxy(project, (*path, "istio", own[0]), "istio.version", release, revision, plane)


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
