"""What existing manifests hold, and what adoption says about them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from sailwright.diagnostics.finding import Path
from sailwright.runtime.records import dataclass, field
from sailwright.source.manifest import Manifest

WORKLOADS: Mapping[str, Path] = {
    "Deployment": ("spec", "template"),
    "StatefulSet": ("spec", "template"),
    "DaemonSet": ("spec", "template"),
    "Job": ("spec", "template"),
    "CronJob": ("spec", "jobTemplate", "spec", "template"),
}
"""Where the pod template stands, by kind."""
DEFAULT_NAMESPACE = "default"
_LABEL = re.compile(r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?")


@dataclass(frozen=True, slots=True)
class Note:
    """Something about an object that its draft does not carry over, or took a guess at."""

    file: str
    line: int
    message: str


@dataclass(slots=True)
class Notes:
    """The notes of one adoption, in the order in which they come up."""

    found: list[Note] = field(default_factory=list)

    def add(self, manifest: Manifest, path: Path, message: str) -> None:
        """Note something about a place in an object."""
        location = manifest.locate(path).location
        self.found.append(Note(location.file, location.line, f"{manifest.kind} {manifest.name}: {message}"))


@dataclass(frozen=True, slots=True)
class Inventory:
    """The objects by kind, in the order of the files."""

    objects: Mapping[str, tuple[Manifest, ...]]

    def of(self, *kinds: str) -> tuple[Manifest, ...]:
        """The objects of some kinds."""
        return tuple(manifest for kind in kinds for manifest in self.objects.get(kind, ()))

    def find(self, kind: str, namespace: str, name: str) -> Manifest | None:
        """The object of that name."""
        found = (
            manifest for manifest in self.of(kind) if manifest.name == name and namespace_of(manifest) == namespace
        )
        return next(found, None)


def inventory(manifests: Iterable[Manifest]) -> Inventory:
    """Sort objects by kind. Nulls are taken out: to the API server they are as if not written."""
    objects: dict[str, list[Manifest]] = {}
    for manifest in manifests:
        bare = Manifest(_without_nulls(manifest.value), manifest.document, manifest.base)
        objects.setdefault(manifest.kind, []).append(bare)
    return Inventory({kind: tuple(found) for kind, found in objects.items()})


def _without_nulls(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_nulls(entry) for key, entry in value.items() if entry is not None}
    if isinstance(value, list):
        return [_without_nulls(entry) for entry in value if entry is not None]
    return value


def is_label(text: str) -> bool:
    """Whether a name can be that of a service or a version: a DNS label."""
    return _LABEL.fullmatch(text) is not None


def namespace_of(manifest: Manifest) -> str:
    """The namespace an object is in."""
    return manifest.namespace or DEFAULT_NAMESPACE


def template_of(workload: Manifest) -> Mapping[str, Any]:
    """The pod template of a workload, empty where it has none."""
    node: Any = workload.value
    for key in WORKLOADS[workload.kind]:
        node = node.get(key) if isinstance(node, dict) else None
    return node if isinstance(node, dict) else {}


def labels_of(workload: Manifest) -> Mapping[str, str]:
    """The labels of a workload's pods."""
    labels = (template_of(workload).get("metadata") or {}).get("labels")
    return labels if isinstance(labels, dict) else {}
