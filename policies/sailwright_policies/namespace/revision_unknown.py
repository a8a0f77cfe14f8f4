"""A revision label that no control plane answers to leaves pods without a sidecar, silently.

The webhook of each revision selects its own label value; a value that no revision has selects no webhook, and the pods start
outside the mesh. Declared control planes (`istio.controlPlanes`, revisions and tags) are taken to be complete.
"""

from collections.abc import Iterator
from itertools import islice

from sailwright.diagnostics.finding import Path, Severity
from sailwright.lint.kinds import PROJECT, WORKLOAD, objects
from sailwright.lint.rule import Example, Problem
from sailwright.mesh.facts import Facts
from sailwright.mesh.objects.namespaces import REVISION_LABEL
from sailwright.mesh.objects.workloads import Workload
from sailwright.mesh.queries.project_namespaces import namespace_blocks
from sailwright.mesh.queries.proxies import baked_proxy, revisions_named
from sailwright.mesh.values import kinds
from sailwright.mesh.world import World
from sailwright.source.manifest import Manifest
from sailwright.source.untyped import get, mapping, text

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
GOOD = Example(
    """
apiVersion: v1
kind: Namespace
metadata:
  name: shop
  labels:
    istio.io/rev: canary
""",
    Facts(control_planes=_PLANES),
)


def check(subject: Manifest | Workload, mesh: World) -> Iterator[Problem]:
    """The label istio.io/rev of a namespace or pod template, the annotation of a baked pod, and `istio.revision` at each level."""
    planes = mesh.facts.control_planes
    for manifest, path, revision in _named(subject, mesh) if planes else ():
        if revision and revision not in planes:
            if path[-1] == REVISION_LABEL and "annotations" not in path:
                effect = "pods will start without a sidecar"
            else:
                effect = "sidecars will find nobody to ask"
            yield Problem(
                manifest,
                path,
                f"no control plane has the revision {revision}: {effect}",
                f"use one of {', '.join(sorted(planes))}, or declare {revision} under istio.controlPlanes in sailwright.yaml",
            )


def _named(subject: Manifest | Workload, mesh: World) -> Iterator[tuple[Manifest, Path, str]]:
    """Each place of a subject that names a revision. Of a workload one is enough: they all mean the same."""
    if isinstance(subject, Workload):
        yield from islice(_of_workload(subject, mesh), 1)
    elif subject is mesh.project:
        yield from _of_project(subject, mesh)
    else:
        path = ("metadata", "labels", REVISION_LABEL)
        yield subject, path, text(get(subject.value, *path))


def _of_workload(workload: Workload, mesh: World) -> Iterator[tuple[Manifest, Path, str]]:
    """What a rendered pod has from the project itself is reported there."""
    manifest = workload.manifest
    proxy = baked_proxy(workload)
    inherited = manifest.origin is not None and mesh.facts.revision
    label = workload.labels.get(REVISION_LABEL, "")
    if label and label != inherited:
        yield manifest, workload.path("metadata", "labels", REVISION_LABEL), label
    for found in revisions_named(proxy) if proxy is not None else ():
        if found.revision != inherited:
            yield manifest, found.path, found.revision


def _of_project(project: Manifest, mesh: World) -> Iterator[tuple[Manifest, Path, str]]:
    """`istio.revision` of the cluster and environment, and of each namespace with its labels, unless a manifest defines it.

    One at the top that the planes at the top do not have is refused as the file is read.
    """
    declared = mesh.declared("istio", "revision")
    if declared is not None and len(declared) > 2:
        yield project, declared, mesh.facts.revision
    for name, path in namespace_blocks(mesh):
        own = mapping(get(project.value, *map(str, path), "istio"))
        if text(own.get("revision")) not in mapping(own.get("controlPlanes")):
            yield project, (*path, "istio", "revision"), text(own.get("revision"))
        if mesh.index.namespace(name).manifest is None:
            place = (*path, "labels", REVISION_LABEL)
            yield project, place, text(get(project.value, *map(str, place)))
