"""Pods of one service must be told from others by one `app` label, and from each other by their `version`."""

from __future__ import annotations

from collections.abc import Iterator

from sailwright.diagnostics.problem import Problem
from sailwright.project.service import Service
from sailwright.render.pod import CONFIG_VOLUME, pod_labels

RULE = "pod-labels"


def adopted_workload_problems(service: Service) -> Iterator[Problem]:
    """Selectors of adopted workloads, and labels of pods, that the Service and the subsets could not follow."""
    yield from _config_volume(service)
    seen: dict[str, str] = {}
    apps: dict[str, str] = {}
    for version in service.versions:
        labels = pod_labels(service, version)
        for key in ("app", "version"):
            if version.labels.get(key, labels[key]) != labels[key]:
                message = f"the label `{key}` of these pods is {labels[key]}: routes and policies go by it"
                yield Problem((*version.path, "labels", key), message, "give your own label another name", rule=RULE)
        apps.setdefault(labels["app"], version.name)
        if len(apps) > 1:
            (app, first), (other, _) = apps.items()
            message = (
                f"these pods have `app: {other}` and those of `{first}` have `app: {app}`: no Service selects both"
            )
            yield Problem(version.path, message, "adopt workloads whose selectors agree in `app`", rule=RULE)
            return
        first = seen.setdefault(labels["version"], version.name)
        if first != version.name:
            message = (
                f"these pods have `version: {labels['version']}` as those of `{first}` have: no subset tells them apart"
            )
            yield Problem(version.path, message, "adopt workloads that differ in their `version` label", rule=RULE)


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
