"""Pods of one service must be told from others by one `app` label, and from each other by their `version`."""

from __future__ import annotations

from collections.abc import Iterator

from sailwright.diagnostics.problem import Problem
from sailwright.project.service.model import Service
from sailwright.project.service.parts import Version
from sailwright.render.pod import CONFIG_VOLUME, pod_labels

RULE = "pod-labels"


def adopted_workload_problems(service: Service) -> Iterator[Problem]:
    """Selectors of adopted workloads, and labels of pods, that the Service and the subsets could not follow."""
    yield from _config_volume(service)
    yield from _selected(service)
    yield from _told_apart(service)
    seen: dict[str, str] = {}
    apps: dict[str, str] = {}
    for version in service.versions:
        labels = pod_labels(service, version)
        for key in ("app", "version"):
            own = version.labels.get(key)
            fixed = version.selector.get(key, _ours(service, version).get(key, own))
            if own is not None and own != fixed:
                message = f"the label `{key}` of these pods is {fixed}: routes and policies go by it"
                yield Problem((*version.path, "labels", key), message, "give your own label another name", rule=RULE)
        if service.service_settings.get("selector"):
            continue
        apps.setdefault(labels.get("app", ""), version.name)
        if len(apps) > 1:
            (app, first), (other, _) = apps.items()
            message = (
                f"these pods have `app: {other}` and those of `{first}` have `app: {app}`: no Service selects both"
            )
            yield Problem(version.path, message, "adopt workloads whose selectors agree in `app`", rule=RULE)
            return
        if version.subset is not None:
            continue
        first = seen.setdefault(labels["version"], version.name)
        if first != version.name:
            message = (
                f"these pods have `version: {labels['version']}` as those of `{first}` have: no subset tells them apart"
            )
            yield Problem(version.path, message, "adopt workloads that differ in their `version` label", rule=RULE)


def _ours(service: Service, version: Version) -> dict[str, str]:
    """The labels that are added to the pods of a version."""
    if version.subset is not None:
        return {}
    app = {} if service.service_settings.get("selector") else {"app": service.name}
    return {**app, "version": version.name}


def _selected(service: Service) -> Iterator[Problem]:
    """What selects the pods of every version: the labels under `service.selector`, else their `app` label."""
    written = service.service_settings.get("selector")
    for version in service.versions if not service.workload.external else ():
        labels = pod_labels(service, version)
        if written and not written.items() <= labels.items():
            missing = ", ".join(f"{key}: {value}" for key, value in written.items() if labels.get(key) != value)
            message = f"the pods of `{version.name}` do not carry `{missing}`, by which the Service selects them"
            yield Problem(("service", "selector"), message, "correct the selector, or label the pods", rule=RULE)
            return
        if not written and "app" not in labels and service.ports:
            message = f"the pods of `{version.name}` have no `app` label, and the Service selects by it"
            remedy = "write `service.selector` with labels that they carry"
            yield Problem(version.path, message, remedy, rule=RULE)
            return


def _told_apart(service: Service) -> Iterator[Problem]:
    """The labels of a subset are those of its version's pods, and of no other's; routes lead to subsets."""
    external, several = service.workload.external, len(service.versions) > 1
    for version in service.versions:
        path = (*version.path, "subset", "labels")
        labels = pod_labels(service, version)
        if version.subset and not external and not version.subset.items() <= labels.items():
            message = f"the pods of `{version.name}` do not carry the labels of its subset"
            yield Problem(path, message, "add them under `labels`, or correct them here", rule=RULE)
        if version.subset is not None and not version.subset and several and (version.weight or version.retire):
            message = f"`{version.name}` is no subset: no weight can lead to its pods alone"
            yield Problem(path, message, "name labels that its pods alone carry", rule=RULE)
        others = (found for found in service.versions if found is not version and not external)
        own = version.subset or {}
        for other in others if own else ():
            if own.items() <= pod_labels(service, other).items():
                message = f"the pods of `{other.name}` carry these labels too: the subset would take their traffic"
                yield Problem(path, message, "name labels that its pods alone carry", rule=RULE)


def _config_volume(service: Service) -> Iterator[Problem]:
    """The volume of `config.mountPath` has a name of its own."""
    if service.config is None or service.config.mount_path is None:
        return
    for version in service.versions:
        for index, volume in enumerate(version.settings.get("volumes") or ()):
            if volume.get("name") == CONFIG_VOLUME:
                message = f"`{CONFIG_VOLUME}` is the volume of `config.files`"
                path = (*version.path, "volumes", index, "name")
                yield Problem(path, message, "give your own volume another name", rule="config-file")
