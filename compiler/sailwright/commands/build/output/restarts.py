"""How many running pods a build restarts: a workload restarts its pods exactly when its pod template changes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from sailwright.commands.build.output.plan import Plan
from sailwright.render.layout import KUSTOMIZATION
from sailwright.runtime.pressed import plain

_RESTARTING = ("kind: Deployment\n", "kind: StatefulSet\n", "kind: DaemonSet\n")
"""The workloads whose controller replaces running pods. A new Job template is a new Job, a CronJob's waits for its hour."""


def restarts(plan: Plan) -> Mapping[str, int]:
    """The number of workloads that exist before and after with another pod template, by environment."""
    counts: Counter[str] = Counter()
    for change in plan.changes:
        if change.data is None or change.old is None or change.path.endswith(KUSTOMIZATION):
            continue
        environment = change.path.partition("/")[0]
        counts[environment] += _changed_templates(change.old, plain(change.data))
    return +counts


def _changed_templates(old: bytes, new: bytes) -> int:
    """Compare the workloads of two rendered files; documents with the same text are not parsed."""
    before, after = _workloads(old), _workloads(new)
    same = set(before) & set(after)
    old_templates = _templates(before, same)
    new_templates = _templates(after, same)
    return sum(template != old_templates[key] for key, template in new_templates.items() if key in old_templates)


def _workloads(data: bytes) -> list[str]:
    documents = data.decode("utf-8", "replace").split("\n---\n")
    return [text for text in documents if any(kind in text for kind in _RESTARTING)]


def _templates(documents: list[str], same: set[str]) -> dict[tuple[str, str], Any]:
    from sailwright.source.manifest import manifests
    from sailwright.source.source import parse

    templates = {}
    for text in documents:
        if text in same:
            continue
        for manifest in manifests(parse("", f"{text.rstrip()}\n".encode(), "manifest")):
            spec = manifest.value.get("spec")
            templates[manifest.kind, manifest.name] = spec.get("template") if isinstance(spec, dict) else None
    return templates
