"""One group of existing objects as the tree of a service.yaml."""

from __future__ import annotations

from typing import Any

from sailwright.commands.edit.adopt.groups import Group
from sailwright.commands.edit.adopt.inventory import Inventory, Notes, is_label, labels_of, template_of
from sailwright.commands.edit.adopt.not_carried_over import note_fields, note_selector, note_workload
from sailwright.commands.edit.adopt.pods import settings
from sailwright.commands.edit.adopt.ports import ports
from sailwright.commands.edit.adopt.routing import Host, routing
from sailwright.project.schema import problems
from sailwright.project.schema.judge import schema
from sailwright.source.manifest import Manifest

Tree = dict[str, Any]
_SERVICE_OWN = frozenset(("selector", "ports"))
_ASSIGNED = frozenset(("clusterIPs", "ipFamilies", "ipFamilyPolicy", "internalTrafficPolicy", "sessionAffinity"))
"""Fields that the API server fills in: in an export they say nothing of the author's."""


def service_file(group: Group, found: Inventory, notes: Notes) -> Tree:
    """The tree of service.yaml for a group."""
    tree: Tree = {"apiVersion": "sailwright/v1alpha1", "name": group.name, "namespace": group.namespace}
    if listed := ports(group, notes):
        tree["ports"] = listed
    note_selector(group, notes)
    if fields := _service_fields(group, notes):
        tree["service"] = fields
    if group.workloads[0].kind != "Deployment":
        tree["workload"] = _workload(group.workloads[0])
    workloads = _versions(group, notes)
    for workload in workloads.values():
        note_workload(workload, notes)
    by_version = {name: settings(workload, group.name, found, notes) for name, workload in workloads.items()}
    shared = _shared(by_version)
    routed = routing(Host(group.name, group.namespace, tuple(workloads)), found, notes)
    if shared:
        tree["defaults"] = shared
    tree["versions"] = [
        {
            "name": name,
            "image": own.get("image"),
            **routed.versions.get(name, {}),
            **({"workload": adopted} if (adopted := _adopted(workload, group.name, name)) else {}),
            **{key: value for key, value in own.items() if key not in shared and key != "image"},
        }
        for (name, own), workload in zip(by_version.items(), workloads.values(), strict=True)
    ]
    tree |= routed.top
    _drop_unknown(tree, group.workloads[0], notes)
    return tree


def _versions(group: Group, notes: Notes) -> dict[str, Manifest]:
    """The workloads that become versions: each named by its pods' `version` label, else v1, v2 ..."""
    found: dict[str, Manifest] = {}
    for number, workload in enumerate(group.workloads, 1):
        label = labels_of(workload).get("version", "")
        name = label if is_label(label) else next(f"v{n}" for n in range(number, 1000) if f"v{n}" not in found)
        if found and workload.kind != "Deployment":
            notes.add(workload, (), f"a {workload.kind} has one version; left as it is")
        elif name in found:
            twin = found[name].name
            notes.add(
                workload,
                (),
                f"its pods have `version: {name}` as those of {twin}: no subset tells them apart; left as it is",
            )
        else:
            found[name] = workload
    return found


def _shared(by_version: dict[str, Tree]) -> Tree:
    """The settings that all versions have alike, but the image: those go under `defaults`."""
    first, *others = by_version.values()
    return {
        key: value
        for key, value in first.items()
        if key != "image" and all(other.get(key) == value for other in others)
    }


def _adopted(workload: Manifest, service: str, version: str) -> Tree:
    """The name and selector of the workload, where they are not those that would be rendered."""
    if workload.kind != "Deployment":
        return {}
    selector = (workload.spec.get("selector") or {}).get("matchLabels") or {}
    result: Tree = {}
    if workload.name != f"{service}-{version}":
        result["name"] = workload.name
    if selector != {"app": service, "version": version}:
        result["selector"] = selector
    return result


def _workload(workload: Manifest) -> Tree:
    """The `workload` block of a kind that has one version."""
    known = schema("service")["$defs"]["WorkloadKind"]["properties"]
    fields = {**workload.spec, **((workload.spec.get("jobTemplate") or {}).get("spec") or {})}
    result = {"kind": workload.kind, "name": workload.name}
    if selector := (workload.spec.get("selector") or {}).get("matchLabels"):
        result["selector"] = selector
    pods = template_of(workload).get("spec") or {}
    if workload.kind in ("Job", "CronJob") and "restartPolicy" in pods:
        fields["restartPolicy"] = pods["restartPolicy"]
    return result | {key: value for key, value in fields.items() if key in known and key not in ("selector", "name")}


def _service_fields(group: Group, notes: Notes) -> Tree:
    if group.service is None:
        return {}
    known = schema("service")["$defs"]["ServiceSettings"]["properties"]
    exported = "clusterIPs" in group.service.spec
    skipped = _SERVICE_OWN | (
        _ASSIGNED | {"clusterIP"} if exported and group.service.spec.get("clusterIP") != "None" else frozenset()
    )
    note_fields(group.service, ("spec",), group.service.spec, {*known, *skipped, *_ASSIGNED}, notes)
    fields = {key: value for key, value in group.service.spec.items() if key in known and key not in skipped}
    if fields.get("type") == "ClusterIP":
        del fields["type"]
    labels = {key: str(value) for key, value in group.service.labels.items()}
    annotations = {key: str(value) for key, value in group.service.annotations.items()}
    return {**fields, **({"labels": labels} if labels else {}), **({"annotations": annotations} if annotations else {})}


def _drop_unknown(tree: Tree, workload: Manifest, notes: Notes) -> None:
    """Take out what the schema does not know, with a note: the words of some other release, or of no release at all."""
    for problem in problems("service", tree, complete=False):
        node: Any = tree
        for key in problem.path[:-1]:
            node = node[int(key)] if isinstance(node, list) else node.get(key) if isinstance(node, dict) else None
        if isinstance(node, dict) and node.pop(str(problem.path[-1]), None) is not None:
            written = ".".join(map(str, problem.path))
            notes.add(workload, (), f"{written} was left out: {problem.message}")
