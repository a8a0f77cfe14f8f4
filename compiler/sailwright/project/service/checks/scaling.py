"""Numbers of pods: fixed or scaled, never both."""

from collections.abc import Iterator

from sailwright.diagnostics.problem import Problem
from sailwright.project.service.model import Service
from sailwright.project.service.parts import Version

RULE = "scaling"
_SCALED = frozenset(("Deployment", "StatefulSet"))


def replicas(service: Service) -> Iterator[Problem]:
    """`autoscaling` and `replicas` exclude each other in one version; kinds without replicas have neither."""
    yield from unscaled(service)
    for version in service.versions:
        scaler = version.settings.get("autoscaling")
        if scaler is None:
            continue
        path = (*version.path, "autoscaling")
        if "replicas" in version.settings:
            message = f"version `{version.name}` has `replicas` and `autoscaling`: each would undo the other"
            other = service.written(path).related("autoscaling is set here")
            at = (*version.path, "replicas")
            yield Problem(
                at, message, "remove one; `replicas: null` does it in an overlay", rule=RULE, related=(other,), key=True
            )
        if ("metrics" in scaler) == ("targetCPUUtilization" in scaler):
            message = "autoscaling needs `targetCPUUtilization` or `metrics`, one of them"
            yield Problem(path, message, "say what to measure", rule=RULE, key=True)
        if scaler.get("minReplicas", 1) > scaler["maxReplicas"]:
            message = f"minReplicas {scaler['minReplicas']} is above maxReplicas {scaler['maxReplicas']}"
            yield Problem((*path, "minReplicas"), message, "let the smaller number be the minimum", rule=RULE)
        yield from _requests(version)


def unscaled(service: Service) -> Iterator[Problem]:
    """Numbers of pods for a kind that has none."""
    for version in service.versions if service.workload.kind not in _SCALED else ():
        for key in ("replicas", "autoscaling"):
            if key in version.settings:
                message = f"a {service.workload.kind} has no `{key}`"
                yield Problem((*version.path, key), message, "remove it", rule=RULE, key=True)


def _requests(version: Version) -> Iterator[Problem]:
    scaler = version.settings["autoscaling"]
    requests = (version.settings.get("resources") or {}).get("requests") or {}
    if "targetCPUUtilization" in scaler and "cpu" not in requests:
        path = (*version.path, "autoscaling", "targetCPUUtilization")
        message = f"version `{version.name}` requests no CPU, so there is nothing the utilization is a percentage of"
        yield Problem(
            path, message, "write resources.requests.cpu, unless a LimitRange does", severity="warning", rule=RULE
        )


def budgets(service: Service) -> Iterator[Problem]:
    """A disruption budget says one of minAvailable and maxUnavailable."""
    for version in service.versions:
        budget = version.settings.get("disruptionBudget")
        if budget is not None and ("minAvailable" in budget) == ("maxUnavailable" in budget):
            path = (*version.path, "disruptionBudget")
            message = "a disruption budget has `minAvailable` or `maxUnavailable`, one of them"
            yield Problem(path, message, "write how many pods may be gone", rule=RULE, key=True)
