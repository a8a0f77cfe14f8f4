"""A namespace with two injection labels gets what one of them says, and readers believe the other.

`istio-injection` goes before `istio.io/rev`, and a sidecar label before `istio.io/dataplane-mode`. During an upgrade the
new revision then does not take effect.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sailwright.diagnostics.finding import Path, Severity
from sailwright.lint.kinds import PROJECT, objects
from sailwright.lint.rule import Problem
from sailwright.mesh.objects.namespaces import DATAPLANE_LABEL, INJECTION_LABEL, REVISION_LABEL
from sailwright.mesh.queries.project_namespaces import namespace_blocks
from sailwright.mesh.values import kinds
from sailwright.mesh.world import World
from sailwright.source.manifest import Manifest
from sailwright.source.untyped import get, labels

ID = "namespace-injection-labels"
KIND = objects(kinds.NAMESPACE) | PROJECT
SEVERITY: Severity = "warning"
ALIASES = ("IST0123", "KIA1311")
BAD = """
apiVersion: v1
kind: Namespace
metadata:
  name: shop
  labels:
    istio-injection: enabled
    istio.io/rev: canary  # finding
"""
GOOD = BAD.replace("    istio-injection: enabled\n", "").replace("  # finding", "")


def check(subject: Manifest, mesh: World) -> Iterator[Problem]:
    """Count the labels of a Namespace, or of each namespace that sailwright.yaml describes and no manifest defines."""
    if subject is not mesh.project:
        yield from _counted(subject, subject.name, labels(subject.labels), ("metadata", "labels"))
        return
    for name, path in namespace_blocks(mesh):
        if mesh.index.namespace(name).manifest is None:
            written = labels(get(subject.value, *map(str, path), "labels"))
            yield from _counted(subject, name, written, (*path, "labels"))


def _counted(manifest: Manifest, name: str, own: Mapping[str, str], path: Path) -> Iterator[Problem]:
    """`istio-injection: disabled` beside the others is no conflict: it is meant to be off."""
    found = [label for label in (INJECTION_LABEL, REVISION_LABEL, DATAPLANE_LABEL) if label in own]
    if name == "istio-system" or own.get(INJECTION_LABEL, "enabled") != "enabled" or len(found) < 2:
        return
    told = " and ".join(f"{label}={own[label]}" for label in found)
    message = f"the namespace has {told}: only the first counts"
    yield Problem(manifest, (*path, found[1]), message, "remove the others", key=True)
