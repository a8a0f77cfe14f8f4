"""The versions that the workloads of a group become, and the subsets by which a DestinationRule tells them apart."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sailwright.commands.edit.adopt.groups import Group
from sailwright.commands.edit.adopt.inventory import is_label, labels_of, match_labels
from sailwright.runtime.records import dataclass
from sailwright.source.manifest import Manifest
from sailwright.source.untyped import items, mapping, text


@dataclass(frozen=True, slots=True)
class VersionDraft:
    """A version to be. `subset` are the labels of its subset, None where no subset leads to its pods alone."""

    name: str
    workload: Manifest
    subset: Mapping[str, str] | None
    traffic_policy: Mapping[str, Any] | None = None


def versions_of(group: Group, rule: Manifest | None) -> tuple[VersionDraft, ...]:
    """The versions: each named by its subset in `rule`, else by its pods' `version` label, else v1, v2 ..."""
    subsets = subsets_by_workload(group, rule) or {}
    taken = {text(subset.get("name")) for subset in subsets.values()}
    result: list[VersionDraft] = []
    for workload in group.workloads:
        subset = subsets.get(id(workload))
        if subset is not None:
            labels, policy = mapping(subset.get("labels")), subset.get("trafficPolicy")
            result.append(VersionDraft(text(subset.get("name")), workload, labels, policy))
            continue
        label = labels_of(workload).get("version", "")
        name = label if is_label(label) and label not in taken else _numbered(taken)
        taken.add(name)
        result.append(VersionDraft(name, workload, None))
    return tuple(result)


def subsets_by_workload(group: Group, rule: Manifest | None) -> dict[int, Mapping[str, Any]] | None:
    """The subset of each workload that has one; None where subsets and workloads do not pair."""
    result: dict[int, Mapping[str, Any]] = {}
    for subset in items(rule.spec.get("subsets")) if rule else ():
        labels = mapping(mapping(subset).get("labels"))
        meant = [workload for workload in group.workloads if labels.items() <= labels_of(workload).items()]
        name = text(mapping(subset).get("name"))
        if len(meant) != 1 or not labels or id(meant[0]) in result or not is_label(name):
            return None
        result[id(meant[0])] = subset
    return result


def label_words(version: VersionDraft, tree: Mapping[str, Any], *, several: bool) -> dict[str, Any]:
    """The `subset` of a version, where its pods or its subset are not those that service.yaml gives by itself.

    `tree` holds the service so far; `several` says whether a version of it is a subset unless it is written otherwise.
    """
    app = {} if mapping(tree.get("service")).get("selector") else {"app": tree["name"]}
    natural = {**app, "version": version.name}.items() <= labels_of(version.workload).items()
    several = several or version.traffic_policy is not None
    if natural and version.subset == ({"version": version.name} if several else None):
        return {}
    return {"subset": {"labels": dict(version.subset or {})}}


def workload_words(version: VersionDraft, service: str, *, written: bool) -> dict[str, Any]:
    """The name, selector, labels and annotations of a Deployment, where they are not those that would be rendered.

    `written` says whether the pods have the labels that are written alone, and so no selector by itself.
    """
    workload = version.workload
    result: dict[str, Any] = {} if workload.name == f"{service}-{version.name}" else {"name": workload.name}
    selector = match_labels(workload)
    if selector and (written or selector != {"app": service, "version": version.name}):
        result["selector"] = dict(selector)
    return result | object_words(workload)


def object_words(workload: Manifest) -> dict[str, Any]:
    """The labels and annotations of a workload object itself."""
    found = (("labels", workload.labels), ("annotations", workload.annotations))
    return {word: {key: str(value) for key, value in written.items()} for word, written in found if written}


def _numbered(taken: Iterable[str]) -> str:
    names = set(taken)
    return next(f"v{number}" for number in range(1, 10_000) if f"v{number}" not in names)
