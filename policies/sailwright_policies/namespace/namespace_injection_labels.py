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
GOOD = (
    BAD.replace("    istio-injection: enabled\n", "").replace("  # finding", ""),
    BAD.replace("istio.io/rev: canary  # finding", "istio.io/dataplane-mode: none"),
)


def check(subject: Manifest, mesh: World) -> Iterator[Problem]:
    """The labels of a Namespace, or of each namespace that sailwright.yaml describes; those of a manifest count with them."""
    if subject is not mesh.project:
        yield from _counted(subject, subject.name, labels(subject.labels), ("metadata", "labels"))
        return
    for name, path in namespace_blocks(mesh):
        known = mesh.index.namespace(name)
        beside = labels(known.manifest.labels) if known.manifest is not None else {}
        written = labels(get(subject.value, *map(str, path), "labels"))
        if len(_injection(beside)) < 2:
            yield from _counted(subject, name, {**beside, **written}, (*path, "labels"), beside)


def _injection(own: Mapping[str, str]) -> list[str]:
    found = [label for label in (INJECTION_LABEL, REVISION_LABEL) if label in own]
    return [*found, DATAPLANE_LABEL] if own.get(DATAPLANE_LABEL, "none") != "none" else found


def _counted(
    manifest: Manifest, name: str, own: Mapping[str, str], path: Path, beside: Mapping[str, str] | None = None
) -> Iterator[Problem]:
    """`istio-injection: disabled` beside the others is no conflict: it is meant to be off. `beside`: written elsewhere."""
    found = _injection(own)
    if name == "istio-system" or own.get(INJECTION_LABEL, "enabled") != "enabled" or len(found) < 2:
        return
    told = " and ".join(f"{label}={own[label]}" for label in found)
    message = f"the namespace has {told}: only the first counts"
    here = next((label for label in reversed(found[:2]) if label not in (beside or {})), "")
    if here:
        yield Problem(manifest, (*path, here), message, "remove the others", key=True)
