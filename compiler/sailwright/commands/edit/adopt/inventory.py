"""What existing manifests hold, and what adoption says about them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sailwright.diagnostics.finding import Path
from sailwright.runtime.records import dataclass, field
from sailwright.runtime.regex import regex
from sailwright.source.manifest import Manifest
from sailwright.source.untyped import mapping

WORKLOADS: Mapping[str, Path] = {
    "Deployment": ("spec", "template"),
    "StatefulSet": ("spec", "template"),
    "DaemonSet": ("spec", "template"),
    "Job": ("spec", "template"),
    "CronJob": ("spec", "jobTemplate", "spec", "template"),
    "Rollout": ("spec", "template"),
}
"""Where the pod template stands, by kind."""
GROUPS: Mapping[str, tuple[str, ...]] = {
    "Deployment": ("apps",),
    "StatefulSet": ("apps",),
    "DaemonSet": ("apps",),
    "Job": ("batch",),
    "CronJob": ("batch",),
    "Rollout": ("argoproj.io",),
    "Service": ("",),
    "ServiceAccount": ("",),
    "Namespace": ("",),
    "DestinationRule": ("networking.istio.io",),
    "VirtualService": ("networking.istio.io",),
    "HorizontalPodAutoscaler": ("autoscaling",),
    "PodDisruptionBudget": ("policy",),
}
"""The API group of each kind that is read: a `Deployment` of another group is another thing."""
DEFAULT_NAMESPACE = "default"
_LABEL = regex(r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?")
Key = tuple[str, str, str, str]
"""API group, kind, namespace and name."""


@dataclass(frozen=True, slots=True)
class Note:
    """Something about an object that its author should know."""

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
        note = Note(location.file, location.line, f"{manifest.kind} {manifest.name}: {message}")
        if note not in self.found:
            self.found.append(note)


@dataclass(frozen=True, slots=True)
class Inventory:
    """The objects by kind, in the order of the files; kinds of other groups under KIND.GROUP."""

    objects: Mapping[str, tuple[Manifest, ...]]
    by_name: Mapping[tuple[str, str, str], Manifest] = field(default_factory=dict, repr=False)

    def of(self, *kinds: str) -> tuple[Manifest, ...]:
        """The objects of some kinds."""
        return tuple(manifest for kind in kinds for manifest in self.objects.get(kind, ()))

    def find(self, kind: str, namespace: str, name: str) -> Manifest | None:
        """The object of that name."""
        return self.by_name.get((kind, namespace, name))

    def everything(self) -> tuple[Manifest, ...]:
        """All objects."""
        return tuple(manifest for found in self.objects.values() for manifest in found)


def inventory(manifests: Iterable[Manifest]) -> Inventory:
    """Sort objects by kind. Nulls are taken out: to the API server they are as if not written."""
    objects: dict[str, list[Manifest]] = {}
    for manifest in manifests:
        bare = Manifest(without_nulls(manifest.value), manifest.document, manifest.base)
        known = manifest.group in GROUPS.get(manifest.kind, (manifest.group,))
        objects.setdefault(manifest.kind if known else f"{manifest.kind}.{manifest.group}", []).append(bare)
    by_name = {(kind, namespace_of(one), one.name): one for kind, found in objects.items() for one in found}
    return Inventory({kind: tuple(found) for kind, found in objects.items()}, by_name)


def without_nulls(value: Any) -> Any:
    """A value without the nulls in its maps and lists."""
    if isinstance(value, dict):
        return {key: without_nulls(entry) for key, entry in value.items() if entry is not None}
    if isinstance(value, list):
        return [without_nulls(entry) for entry in value if entry is not None]
    return value


def key_of(manifest: Manifest) -> Key:
    """What tells an object from every other one of a cluster."""
    return manifest.group, manifest.kind, namespace_of(manifest), manifest.name


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
        node = mapping(node).get(str(key))
    return mapping(node)


def pod_spec(workload: Manifest) -> Mapping[str, Any]:
    """The spec of a workload's pods."""
    return mapping(template_of(workload).get("spec"))


def labels_of(workload: Manifest) -> Mapping[str, str]:
    """The labels of a workload's pods."""
    return mapping(mapping(template_of(workload).get("metadata")).get("labels"))


def match_labels(workload: Manifest) -> Mapping[str, str]:
    """The labels by which a workload knows its pods."""
    return mapping(mapping(workload.spec.get("selector")).get("matchLabels"))
