"""Versions or an external service, an image for each version, and a workload kind that fits them."""

from collections.abc import Iterator

from sailwright.diagnostics.problem import Problem
from sailwright.diagnostics.suggestions import listed
from sailwright.project.service.model import Service
from sailwright.project.service.parts import AUTO

RULE = "service-structure"
_OF_WORKLOADS = (
    "versions",
    "defaults",
    "additionalServices",
    "workload",
    "serviceAccount",
    "autoscaling",
    "disruptionBudget",
    "config",
)
"""Sections that need pods of our own."""
_KINDS = {
    "serviceName": ("StatefulSet",),
    "podManagementPolicy": ("StatefulSet",),
    "updateStrategy": ("StatefulSet", "DaemonSet"),
    "volumeClaimTemplates": ("StatefulSet",),
    "persistentVolumeClaimRetentionPolicy": ("StatefulSet",),
    "schedule": ("CronJob",),
    "timeZone": ("CronJob",),
    "concurrencyPolicy": ("CronJob",),
    "startingDeadlineSeconds": ("CronJob",),
    "successfulJobsHistoryLimit": ("CronJob",),
    "failedJobsHistoryLimit": ("CronJob",),
    "suspend": ("Job", "CronJob"),
    "restartPolicy": ("Job", "CronJob"),
    "completions": ("Job", "CronJob"),
    "parallelism": ("Job", "CronJob"),
    "completionMode": ("Job", "CronJob"),
    "backoffLimit": ("Job", "CronJob"),
    "activeDeadlineSeconds": ("Job", "CronJob"),
    "ttlSecondsAfterFinished": ("Job", "CronJob"),
}
"""Fields of `workload`, and the kinds that have them."""


def parts(service: Service) -> Iterator[Problem]:
    """A file has versions or is external; every version has an image."""
    if service.external:
        for section in _OF_WORKLOADS:
            if service.written_in(section):
                message = f"a file with `external` has no `{section}`: the service runs elsewhere"
                yield Problem((section,), message, "remove it, or remove `external`", rule=RULE, key=True)
        for port in service.ports:
            if port.app_protocol == AUTO:
                message = "what an external service speaks cannot be found out: a ServiceEntry names it"
                remedy = "write `tls`, `https`, `http` or `tcp`"
                yield Problem((*port.path, "appProtocol"), message, remedy, rule=RULE)
        if not service.ports:
            yield Problem(("external",), "an external service needs `ports`", "name its ports", rule=RULE, key=True)
        return
    if not service.versions and service.service_settings.get("type") != "ExternalName":
        message = "the service has neither `versions` nor `external`"
        yield Problem(("versions",), message, "write `versions: [{name: v1, image: NAME:TAG}]`", rule=RULE, key=True)
    if service.workload.external:
        return
    for version in service.versions:
        if not version.image:
            message = f"version `{version.name}` has no `image`"
            yield Problem(version.path, message, "name its image here or under `defaults`", rule=RULE)


def workload(service: Service) -> Iterator[Problem]:
    """Kinds other than Deployment have one version and no weights; fields belong to their kinds."""
    kind, path = service.workload.kind, service.workload.path
    if kind != "Deployment" and len(service.versions) > 1:
        second = service.versions[1]
        message = f"a {kind} has one version, and this service has {len(service.versions)}"
        yield Problem(second.path, message, "keep one, or make it a Deployment", rule=RULE)
    if kind != "Deployment" and service.weighted:
        at = next(version.path for version in service.versions if version.weight is not None)
        yield Problem((*at, "weight"), f"a {kind} has no weights", "remove the weight", rule=RULE)
    for field in service.workload.fields:
        kinds = _KINDS.get(field)
        if kinds and kind not in kinds:
            message = f"`{field}` belongs to a {' or '.join(kinds)}, and this is a {kind}"
            yield Problem((*path, field), message, f"remove it, or set kind to {listed(kinds)}", rule=RULE, key=True)
    if kind == "CronJob" and "schedule" not in service.workload.fields:
        yield Problem(
            path, "a CronJob needs a `schedule`", "write when it runs, such as `0 3 * * *`", rule=RULE, key=True
        )
    if kind == "Deployment" and len(service.versions) > 1 and {"name", "selector"} & service.workload.fields.keys():
        message = "one workload name or selector cannot serve several versions"
        yield Problem(path, message, "write `workload` under each version", rule=RULE, key=True)
