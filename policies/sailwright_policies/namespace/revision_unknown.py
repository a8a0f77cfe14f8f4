"""A revision label that no control plane answers to leaves pods without a sidecar, silently.

The webhook of each revision selects its own label value; a value nobody has selects nothing, and the pods start outside
the mesh. Declared control planes (`istio.controlPlanes`, revisions and tags alike) are taken for all there are.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Path, Severity
from sailwright.lint.rule import Example, Problem
from sailwright.mesh.facts import Facts
from sailwright.mesh.objects.namespaces import REVISION_LABEL
from sailwright.mesh.values import kinds
from sailwright.mesh.world import World
from sailwright.source.manifest import Manifest
from sailwright.source.untyped import get

ID = "revision-unknown"
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


def check(world: World) -> Iterator[Problem]:
    """The label istio.io/rev of namespaces, in manifests and in sailwright.yaml, and of pod templates."""
    planes = world.facts.control_planes
    if not planes:
        return
    labelled: list[tuple[Manifest, Path]] = [
        (found, ("metadata", "labels")) for found in world.index.of(kinds.NAMESPACE)
    ]
    labelled += [(found.manifest, found.path("metadata", "labels")) for found in world.index.workloads]
    if world.project is not None:
        undefined = (name for name in world.facts.namespaces if world.index.namespace(name).manifest is None)
        labelled += [(world.project, ("namespaces", name, "labels")) for name in undefined]
    for manifest, path in labelled:
        revision = get(manifest.value, *map(str, path), REVISION_LABEL)
        if isinstance(revision, str) and revision and revision not in planes:
            yield Problem(
                manifest,
                (*path, REVISION_LABEL),
                f"no control plane has the revision {revision}: pods will start without a sidecar",
                f"use one of {', '.join(sorted(planes))}, or declare {revision} under istio.controlPlanes in sailwright.yaml",
            )
