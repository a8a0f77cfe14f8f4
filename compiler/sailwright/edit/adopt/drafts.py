"""Draft service files from existing manifests, and say what they do not carry over."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sailwright.edit.adopt.groups import Group, groups
from sailwright.edit.adopt.inventory import (
    WORKLOADS,
    Inventory,
    Note,
    Notes,
    inventory,
    labels_of,
    namespace_of,
    template_of,
)
from sailwright.edit.adopt.layout import lay_out
from sailwright.edit.adopt.pods import settings
from sailwright.edit.adopt.ports import ports
from sailwright.edit.adopt.routing import Host, routing
from sailwright.edit.starter import schema_line
from sailwright.manifest import Manifest
from sailwright.schema import faults
from sailwright.schema.judge import schema
from sailwright.validate.run import validate_each

Tree = dict[str, Any]
_LABEL = re.compile(r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?")
_CARRIED = frozenset((*WORKLOADS, "Service", "DestinationRule", "VirtualService"))
_READ = frozenset((*_CARRIED, "ServiceAccount"))
_SERVICE_OWN = frozenset(("selector", "ports"))
_ASSIGNED = frozenset(("clusterIPs", "ipFamilies", "ipFamilyPolicy", "internalTrafficPolicy", "sessionAffinity"))
"""Fields that the API server fills in: in an export they say nothing of the author's."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A service file to be."""

    path: str
    text: str
    namespace: str


@dataclass(frozen=True, slots=True)
class Adoption:
    """The drafted files, and what they do not carry over."""

    drafts: tuple[Draft, ...]
    notes: tuple[Note, ...]


def adopt(manifests: Iterable[Manifest]) -> Adoption:
    """Draft a service file for each Service and its workloads, with what DestinationRules and VirtualServices say of them."""
    notes = Notes()
    found = inventory(_sound(tuple(manifests), notes))
    taken: set[str] = set()
    drafts = []
    for group in groups(found, notes):
        if _LABEL.fullmatch(group.name):
            name = group.name if group.name not in taken else f"{group.namespace}-{group.name}"
            taken.add(name)
            drafts.append(_draft(group, f"services/{name}/service.yaml", found, notes))
        else:
            notes.add(group.workloads[0], ("metadata", "name"), "its name is no DNS label; left as it is")
    _leftovers(found, tuple(drafts), notes)
    return Adoption(tuple(drafts), tuple(sorted(notes.found, key=lambda note: (note.file, note.line))))


def _sound(manifests: tuple[Manifest, ...], notes: Notes) -> tuple[Manifest, ...]:
    """The objects without those that the API server would refuse: nobody runs them, and nothing can be read from them."""
    read = [manifest for manifest in manifests if manifest.kind in _READ]
    refused: set[int] = set()
    for manifest, findings in zip(read, validate_each(read), strict=True):
        wrong = next((finding for finding in findings if finding.severity == "error"), None)
        if wrong is not None:
            refused.add(id(manifest))
            notes.found.append(
                Note(
                    wrong.location.file,
                    wrong.location.line,
                    f"{manifest.kind} {manifest.name}: {wrong.message}; left as it is",
                )
            )
    return tuple(manifest for manifest in manifests if id(manifest) not in refused)


def _draft(group: Group, path: str, found: Inventory, notes: Notes) -> Draft:
    tree: Tree = {"apiVersion": "sailwright/v1alpha1", "name": group.name, "namespace": group.namespace}
    if listed := ports(group, notes):
        tree["ports"] = listed
    if fields := _service_fields(group):
        tree["service"] = fields
    first = group.workloads[0]
    if first.kind != "Deployment":
        tree["workload"] = _workload(group, notes)
    names = _version_names(group.workloads)
    by_version = {
        name: settings(workload, group.name, found, notes)
        for name, workload in zip(names, group.workloads, strict=True)
    }
    shared = _shared(by_version)
    routed = routing(Host(group.name, group.namespace, names), found, notes)
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
        for (name, own), workload in zip(by_version.items(), group.workloads, strict=True)
    ]
    tree |= routed.top
    _drop_unknown(tree, first, notes)
    return Draft(path, schema_line(path, "service") + lay_out(tree), group.namespace)


def _version_names(workloads: tuple[Manifest, ...]) -> tuple[str, ...]:
    """Each workload's `version` label where it is a name and its own, else v1, v2 ..."""
    names: list[str] = []
    for index, workload in enumerate(workloads, 1):
        label = labels_of(workload).get("version", "")
        tail = workload.name.rpartition("-")[2]
        candidates = (
            label,
            workload.name.removeprefix(labels_of(workload).get("app", "") + "-") if label else "",
            f"v{index}",
            tail,
        )
        names.append(
            next(name for name in (*candidates, f"v{index}-{tail}") if _LABEL.fullmatch(name) and name not in names)
        )
    return tuple(names)


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


def _workload(group: Group, notes: Notes) -> Tree:
    """The `workload` block of a kind that has one version."""
    workload = group.workloads[0]
    for other in group.workloads[1:]:
        notes.add(other, (), f"a {workload.kind} has one version; write a service of its own")
    known = schema("service")["$defs"]["WorkloadKind"]["properties"]
    fields = {**workload.spec, **((workload.spec.get("jobTemplate") or {}).get("spec") or {})}
    result = {"kind": workload.kind, "name": workload.name}
    if selector := (workload.spec.get("selector") or {}).get("matchLabels"):
        result["selector"] = selector
    pods = template_of(workload).get("spec") or {}
    if workload.kind in ("Job", "CronJob") and "restartPolicy" in pods:
        fields["restartPolicy"] = pods["restartPolicy"]
    return result | {key: value for key, value in fields.items() if key in known and key not in ("selector", "name")}


def _service_fields(group: Group) -> Tree:
    if group.service is None:
        return {}
    known = schema("service")["$defs"]["ServiceSettings"]["properties"]
    exported = "clusterIPs" in group.service.spec
    skipped = _SERVICE_OWN | (
        _ASSIGNED | {"clusterIP"} if exported and group.service.spec.get("clusterIP") != "None" else frozenset()
    )
    fields = {key: value for key, value in group.service.spec.items() if key in known and key not in skipped}
    if fields.get("type") == "ClusterIP":
        del fields["type"]
    labels = {key: str(value) for key, value in group.service.labels.items()}
    annotations = {key: str(value) for key, value in group.service.annotations.items()}
    return {**fields, **({"labels": labels} if labels else {}), **({"annotations": annotations} if annotations else {})}


def _drop_unknown(tree: Tree, workload: Manifest, notes: Notes) -> None:
    """Take out what the schema does not know, with a note: the words of some other release, or of no release at all."""
    for fault in faults("service", tree, complete=False):
        node: Any = tree
        for key in fault.path[:-1]:
            node = node[int(key)] if isinstance(node, list) else node.get(key) if isinstance(node, dict) else None
        if isinstance(node, dict) and node.pop(str(fault.path[-1]), None) is not None:
            written = ".".join(map(str, fault.path))
            notes.add(workload, (), f"{written} was left out: {fault.message}")


def _leftovers(found: Inventory, drafts: tuple[Draft, ...], notes: Notes) -> None:
    """Objects of other kinds, and routing about hosts that were not drafted."""
    accounts = {name for draft in drafts for name in re.findall(r"serviceAccount: \{name: ([^,}]+)", draft.text)}
    hosts = [Host(draft.path.split("/")[1], draft.namespace, ()) for draft in drafts]
    for kind, objects in found.objects.items():
        for manifest in objects:
            if kind == "ServiceAccount" and (manifest.name in accounts or any(h.name == manifest.name for h in hosts)):
                continue
            if kind in ("DestinationRule", "VirtualService"):
                named = [manifest.spec.get("host")] if kind == "DestinationRule" else manifest.spec.get("hosts") or []
                if any(host.is_meant(str(name), namespace_of(manifest)) for host in hosts for name in named):
                    continue
                notes.add(manifest, ("spec",), "its hosts are none of the drafted services; left as it is")
            elif kind not in _CARRIED:
                notes.add(
                    manifest,
                    (),
                    "kinds such as this are not drafted; left as it is (`include` or `manifests` take it along)",
                )
