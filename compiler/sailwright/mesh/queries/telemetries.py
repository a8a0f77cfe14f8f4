"""Telemetries, and the workloads that several of them select."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from sailwright.mesh.objects.run_time_labels import may_share_a_pod
from sailwright.mesh.objects.selectors import match_labels
from sailwright.mesh.objects.workloads import Workload
from sailwright.mesh.values import kinds
from sailwright.source.manifest import Manifest

if TYPE_CHECKING:
    from sailwright.mesh.index import Index

Shared = tuple[Workload, tuple[Manifest, ...]]
"""A workload, and the Telemetries whose selector selects it: more than one."""


def shared_workloads(index: Index) -> Mapping[Manifest, tuple[Shared, ...]]:
    """For each Telemetry the workloads that another one selects too."""
    selecting: dict[Workload, list[Manifest]] = {}
    for manifest in index.of(kinds.TELEMETRY):
        selector = match_labels(manifest)
        for workload in index.selected(selector, index.namespace_of(manifest)) if selector else ():
            selecting.setdefault(workload, []).append(manifest)
    shared: dict[Manifest, list[Shared]] = {}
    for workload, found in selecting.items():
        for manifest in found if len(found) > 1 else ():
            own = match_labels(manifest)
            meeting = tuple(each for each in found if may_share_a_pod(match_labels(each), own))
            if len(meeting) > 1:
                shared.setdefault(manifest, []).append((workload, meeting))
    return {manifest: tuple(found) for manifest, found in shared.items()}
