"""A revision label that no control plane answers to leaves pods without a sidecar, silently.

The webhook of each revision selects its own label value; a value nobody has selects nothing, and the pods start outside
the mesh. Declared control planes (`istio.controlPlanes`, revisions and tags alike) are taken for all there are.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Path, Severity
from sailwright.lint.kinds import PROJECT, WORKLOAD, objects
from sailwright.lint.rule import Example, Problem
from sailwright.mesh.facts import Facts
from sailwright.mesh.objects.namespaces import REVISION_LABEL
from sailwright.mesh.objects.workloads import Workload
from sailwright.mesh.values import kinds
from sailwright.mesh.world import World
from sailwright.source.manifest import Manifest
from sailwright.source.untyped import get

ID = "revision-unknown"
KIND = objects(kinds.NAMESPACE) | WORKLOAD | PROJECT
SEVERITY: Severity = "warning"
ALIASES: tuple[str, ...] = ()

BAD = Example(
    """
apiVersion: v1
kind: Namespace
metadata:
  name: shop
  labels:
    istio.io/rev: canry  # finding
""",
    Facts(control_planes={"default": "1.30.3", "canary": "1.31.0"}),
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
    Facts(control_planes={"default": "1.30.3", "canary": "1.31.0"}),
)


def check(labelled: Manifest | Workload, mesh: World) -> Iterator[Problem]:
    """The label istio.io/rev of a namespace, in its manifest or in sailwright.yaml, or of a pod template."""
    planes = mesh.facts.control_planes
    manifest, paths = _places(labelled, mesh)
    for path in paths if planes else ():
        revision = get(manifest.value, *map(str, path), REVISION_LABEL)
        if isinstance(revision, str) and revision and revision not in planes:
            yield Problem(
                manifest,
                (*path, REVISION_LABEL),
                f"no control plane has the revision {revision}: pods will start without a sidecar",
                f"use one of {', '.join(sorted(planes))}, or declare {revision} under istio.controlPlanes in sailwright.yaml",
            )


def _places(labelled: Manifest | Workload, mesh: World) -> tuple[Manifest, list[Path]]:
    """Where its labels are. Of the namespaces in sailwright.yaml those count that no manifest defines."""
    if isinstance(labelled, Workload):
        return labelled.manifest, [labelled.path("metadata", "labels")]
    if labelled is mesh.project:
        undefined = (name for name in mesh.facts.namespaces if mesh.index.namespace(name).manifest is None)
        return labelled, [("namespaces", name, "labels") for name in undefined]
    return labelled, [("metadata", "labels")]
