"""A revision label that no control plane answers to leaves pods without a sidecar, silently.

The webhook of each revision selects its own label value; a value that no revision has selects no webhook, and the pods start
outside the mesh. Declared control planes (`istio.controlPlanes`, revisions and tags) are taken to be complete.
"""

from collections.abc import Iterator, Mapping
from itertools import islice

from sailwright.diagnostics.finding import Path, Severity, value_at
from sailwright.lint.kinds import PROJECT, WORKLOAD, objects
from sailwright.lint.rule import Example, Problem
from sailwright.mesh.facts import Facts
from sailwright.mesh.objects.namespaces import REVISION_LABEL
from sailwright.mesh.objects.workloads import Workload
from sailwright.mesh.queries.project_namespaces import (
    control_planes_in,
    namespace_blocks,
    namespace_istio,
    revision_in,
)
from sailwright.mesh.queries.proxies import REVISION_ANNOTATION, baked_proxy, revisions_named
from sailwright.mesh.values import kinds
from sailwright.mesh.world import World
from sailwright.runtime.records import dataclass
from sailwright.source.manifest import Manifest
from sailwright.source.untyped import get, text

ID = "revision-unknown"
KIND = objects(kinds.NAMESPACE) | WORKLOAD | PROJECT
SEVERITY: Severity = "warning"
ALIASES: tuple[str, ...] = ()

_PLANES = {"default": "1.30.3", "canary": "1.31.0"}

BAD = (
    Example(
        """
apiVersion: v1
kind: Namespace
metadata:
  name: shop
  labels:
    istio.io/rev: canry  # finding
""",
        Facts(control_planes=_PLANES),
    ),
    Example(
        """
apiVersion: sailwright/v1alpha1
services: [services/*/service.yaml]
istio: {version: 1.30.3, sidecarMode: native, controlPlanes: {default: 1.30.3, canary: 1.31.0}}
environments:
  prod:
    istio:
      revision: canry  # finding
namespaces:
  shop:
    labels:
      istio.io/rev: stabel  # finding
  web:
    istio: {revision: canry}  # finding
""",
        Facts(control_planes=_PLANES, revision="canry"),
        environment="prod",
    ),
    Example(
        """
apiVersion: apps/v1
kind: Deployment
metadata: {name: cart, namespace: shop}
spec:
  template:
    metadata:
      annotations:
        istio.io/rev: canry  # finding
    spec:
      containers:
        - {name: cart, image: "example.com/cart:1.0"}
        - {name: istio-proxy, image: "example.com/proxyv2:1.31.0"}
""",
        Facts(control_planes=_PLANES),
    ),
)
GOOD = (
    Example(
        """
apiVersion: v1
kind: Namespace
metadata:
  name: shop
  labels:
    istio.io/rev: canary
""",
        Facts(control_planes=_PLANES),
    ),
    Example(
        """
apiVersion: sailwright/v1alpha1
services: [services/*/service.yaml]
istio: {version: 1.30.3, sidecarMode: native, controlPlanes: {default: 1.30.3, canary: 1.31.0}}
namespaces:
  shop:
    labels: {istio.io/rev: beta}
    istio: {revision: beta, controlPlanes: {beta: 1.31.0}}
""",
        Facts(control_planes=_PLANES),
    ),
    Example(
        """
apiVersion: v1
kind: Pod
metadata:
  name: cart
  namespace: shop
  labels: {sidecar.istio.io/inject: "false", istio.io/rev: canry}
spec: {containers: [{name: cart, image: "example.com/cart:1.0"}]}
""",
        Facts(control_planes=_PLANES),
    ),
)


def check(subject: Manifest | Workload, mesh: World) -> Iterator[Problem]:
    """The label istio.io/rev of a namespace or pod template, the annotation of a baked pod, and `istio.revision` at each level."""
    found: Iterator[_Named]
    if isinstance(subject, Workload):
        found = islice(_of_workload(subject, mesh), 1)  # they all mean the same
    else:
        found = _of_project(subject, mesh) if subject is mesh.project else _of_namespace(subject, mesh)
    for named in found:
        if named.planes and named.revision and named.revision not in named.planes:
            yield Problem(
                named.manifest,
                named.path,
                f"no control plane has the revision {named.revision}: {named.effect}",
                f"use one of {', '.join(sorted(named.planes))}, or declare {named.revision} under istio.controlPlanes in "
                "sailwright.yaml",
            )


@dataclass(frozen=True, slots=True)
class _Named:
    """A revision that is written somewhere, the control planes there are for it, and what happens where it is none of them."""

    manifest: Manifest
    path: Path
    revision: str
    planes: Mapping[str, str]
    effect: str


_NO_SIDECAR = "pods will start without a sidecar"
_NO_CONTROL_PLANE = "sidecars will find no control plane to connect to"
_REPLACED = "injection replaces it with its own revision"


def _of_namespace(namespace: Manifest, mesh: World) -> Iterator[_Named]:
    path, planes = ("metadata", "labels", REVISION_LABEL), control_planes_in(mesh, namespace.name)
    yield _Named(namespace, path, text(get(namespace.value, *path)), planes, _NO_SIDECAR)


def _of_workload(workload: Workload, mesh: World) -> Iterator[_Named]:
    """What a rendered pod has from the project itself is reported there. A pod that nobody injects asks no revision."""
    manifest, namespace = workload.manifest, workload.namespace
    planes = control_planes_in(mesh, namespace)
    if not planes:
        return
    proxy = baked_proxy(workload)
    inherited = manifest.origin is not None and revision_in(mesh, namespace)
    label = workload.labels.get(REVISION_LABEL, "")
    if label and label != inherited and mesh.index.injected(workload) is not False:
        effect = _NO_SIDECAR if proxy is None else _NO_CONTROL_PLANE
        if proxy is None and mesh.index.namespace(namespace).revision in planes:
            effect = f"it has no effect here, because the labels of namespace {namespace} take precedence"
        yield _Named(manifest, workload.path("metadata", "labels", REVISION_LABEL), label, planes, effect)
    for found in revisions_named(proxy) if proxy is not None else ():
        if found.revision != inherited:
            yield _Named(manifest, found.path, found.revision, planes, _NO_CONTROL_PLANE)
    if mesh.index.injected(workload):
        path = workload.path("metadata", "annotations", REVISION_ANNOTATION)
        written = manifest.written(path)
        yield _Named(manifest, path, text(value_at(written.document.value, written.path)), planes, _REPLACED)


def _of_project(project: Manifest, mesh: World) -> Iterator[_Named]:
    """`istio.revision` of the cluster and environment, and of each namespace with its labels, unless a manifest defines it.

    One at the top that the planes at the top do not have is refused as the file is read.
    """
    declared = mesh.declared("istio", "revision")
    if declared is not None and len(declared) > 2:
        yield _Named(project, declared, mesh.facts.revision, mesh.facts.control_planes, _NO_CONTROL_PLANE)
    for name, path in namespace_blocks(mesh):
        planes = control_planes_in(mesh, name)
        own = text(namespace_istio(mesh, name).get("revision"))
        yield _Named(project, (*path, "istio", "revision"), own, planes, _NO_CONTROL_PLANE)
        if mesh.index.namespace(name).manifest is None:
            place = (*path, "labels", REVISION_LABEL)
            yield _Named(project, place, text(get(project.value, *map(str, place))), planes, _NO_SIDECAR)
