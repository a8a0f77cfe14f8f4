"""What the objects of a group say that a service file has no field for: all of it is told, since it will not be rendered."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from sailwright.commands.edit.adopt.groups import Group
from sailwright.commands.edit.adopt.inventory import WORKLOADS, Notes, labels_of, template_of
from sailwright.diagnostics.finding import Path
from sailwright.source.manifest import Manifest

_TOOLS = ("deployment.kubernetes.io/", "kubectl.kubernetes.io/", "app.kubernetes.io/")
"""Labels and annotations that controllers and kubectl write, and those that every rendered object has."""
_REMEDY = "has no field in service.yaml; write a patch, or do without"


def note_selector(group: Group, notes: Notes) -> None:
    """A rendered Service selects `app` alone, which may be more pods than before."""
    if group.service is None:
        return
    selector = group.service.spec.get("selector") or {}
    if selector != {"app": group.name}:
        words = ", ".join(f"{key}: {value}" for key, value in selector.items())
        message = f"its selector {{{words}}} becomes {{app: {group.name}}}"
        notes.add(group.service, ("spec", "selector"), f"{message}: see that it means the same pods")


def note_fields(
    manifest: Manifest, place: Path, written: Mapping[str, Any], known: Collection[str], notes: Notes
) -> None:
    """The fields of a spec that are not among the `known` ones."""
    for key in written.keys() - known:
        notes.add(manifest, (*place, key), f"`{key}` {_REMEDY}")


def note_workload(workload: Manifest, notes: Notes) -> None:
    """What stands on a workload itself, and what its containers' ports say beside their number."""
    labels = labels_of(workload)
    for key, value in workload.labels.items():
        if not key.startswith(_TOOLS) and labels.get(key) != value:
            notes.add(
                workload, ("metadata", "labels", key), f"the label `{key}` of the {workload.kind} itself {_REMEDY}"
            )
    for key in workload.annotations:
        if not key.startswith(_TOOLS):
            message = f"the annotation `{key}` of the {workload.kind} itself {_REMEDY}"
            notes.add(workload, ("metadata", "annotations", key), message)
    if (workload.spec.get("selector") or {}).get("matchExpressions"):
        message = "`matchExpressions` are left out, and the selector of a workload cannot change: adopt it as `workload: external`"
        notes.add(workload, ("spec", "selector", "matchExpressions"), message)
    for path, port in _ports(workload):
        for key in port.keys() & {"hostPort", "hostIP"}:
            notes.add(workload, (*path, key), f"`{key}` of a container's port {_REMEDY}")


def _ports(workload: Manifest) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    spec = template_of(workload).get("spec") or {}
    place = (*WORKLOADS[workload.kind], "spec", "containers")
    for at, container in enumerate(spec.get("containers") or ()):
        for number, port in enumerate(container.get("ports") or ()):
            yield (*place, at, "ports", number), port
