"""Draft service files from existing manifests, and say what they do not carry over."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from sailwright.commands.edit.adopt.groups import groups
from sailwright.commands.edit.adopt.inventory import (
    DEFAULT_NAMESPACE,
    WORKLOADS,
    Inventory,
    Note,
    Notes,
    inventory,
    is_label,
    namespace_of,
)
from sailwright.commands.edit.adopt.routing import Host
from sailwright.commands.edit.adopt.service_file import service_file
from sailwright.commands.edit.adopt.yaml_style import lay_out
from sailwright.commands.edit.scaffold import schema_line
from sailwright.project.cross_service_checks import guarded
from sailwright.runtime.records import dataclass
from sailwright.source.manifest import Manifest
from sailwright.validate.run import validate_each

Tree = dict[str, Any]
_CARRIED = frozenset((*WORKLOADS, "Service", "DestinationRule", "VirtualService"))
_INJECTION = ("istio-injection", "istio.io/rev", "istio.io/dataplane-mode")
_READ = frozenset((*_CARRIED, "ServiceAccount"))


@dataclass(frozen=True, slots=True)
class Draft:
    """A service file to be."""

    path: str
    text: str
    namespace: str


@dataclass(frozen=True, slots=True)
class Adoption:
    """The drafted files, the `namespaces` of the project file they need, and what they do not carry over."""

    drafts: tuple[Draft, ...]
    namespaces: dict[str, Tree]
    notes: tuple[Note, ...]


def adopt(manifests: Iterable[Manifest]) -> Adoption:
    """Draft a service file for each Service and its workloads, with what DestinationRules and VirtualServices say of them."""
    notes = Notes()
    found = inventory(_sound(_distinct(manifests, notes), notes))
    taken: set[str] = set()
    drafts = []
    for group in groups(found, notes):
        if is_label(group.name):
            name = group.name if group.name not in taken else f"{group.namespace}-{group.name}"
            taken.add(name)
            path = f"services/{name}/service.yaml"
            text = schema_line(path, "service") + lay_out(service_file(group, found, notes))
            drafts.append(Draft(path, text, group.namespace))
        else:
            notes.add(group.workloads[0], ("metadata", "name"), "its name is no DNS label; left as it is")
    _leftovers(found, tuple(drafts), notes)
    _homeless(found, notes)
    ordered = tuple(sorted(notes.found, key=lambda note: (note.file, note.line)))
    return Adoption(tuple(drafts), _namespaces(drafts, found), ordered)


def _namespaces(drafts: list[Draft], found: Inventory) -> dict[str, Tree]:
    """The namespaces with the labels that decide about injection, and the files that may render into guarded ones."""
    result: dict[str, Tree] = {}
    for name in sorted({draft.namespace for draft in drafts}):
        manifest = next((manifest for manifest in found.of("Namespace") if manifest.name == name), None)
        written = manifest.labels.items() if manifest else ()
        labels = {key: str(value) for key, value in written if key in _INJECTION}
        result[name] = {"labels": labels} if labels else {}
        if guarded(name):
            result[name]["services"] = [draft.path for draft in drafts if draft.namespace == name]
    return result


def _distinct(manifests: Iterable[Manifest], notes: Notes) -> tuple[Manifest, ...]:
    """The objects, each once: of several with one kind, namespace and name the first."""
    known: dict[tuple[str, str, str], Manifest] = {}
    for manifest in manifests:
        first = known.setdefault((manifest.kind, namespace_of(manifest), manifest.name), manifest)
        if first is not manifest:
            place = first.locate(()).location
            notes.add(manifest, (), f"the one at {place.file}:{place.line} is taken; this one is left as it is")
    return tuple(known.values())


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


def _homeless(found: Inventory, notes: Notes) -> None:
    """Objects that name no namespace are applied to whichever `kubectl -n` says; a service file says it itself."""
    without = [manifest for manifest in found.of("Service", *WORKLOADS) if manifest.namespace is None]
    if without:
        others = f", nor do {len(without) - 1} others" if len(without) > 1 else ""
        notes.add(without[0], ("metadata",), f"it names no namespace{others}: drafted into `{DEFAULT_NAMESPACE}`")


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
            elif kind not in _CARRIED and kind != "Namespace":
                notes.add(
                    manifest,
                    (),
                    "kinds such as this are not drafted; left as it is (`include` or `manifests` take it along)",
                )
