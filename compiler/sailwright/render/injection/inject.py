"""Injection of whole objects: find the pod, decide whether to inject it, put the result back where it was."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sailwright.diagnostics.finding import Path
from sailwright.diagnostics.problem import Problem
from sailwright.render.injection import names, probes
from sailwright.render.injection.defaults import with_defaults
from sailwright.render.injection.engine import inject_pod, refusals
from sailwright.render.injection.injection_policy import is_windows, odd_inject_value, place_reason, skip_reason
from sailwright.render.injection.pod import Pod, misshapen_metadata, misshapen_spec, read_pod
from sailwright.render.injection.pod_templates import is_list, owner, pod_path, section
from sailwright.render.injection.settings import InjectionSettings
from sailwright.runtime.records import dataclass, replace


@dataclass(frozen=True, slots=True)
class Injected:
    """What became of an object. `value` is the object as given where it holds no pod, or its pod is left alone.

    With an error among `problems` the object must not be used: nothing was injected.
    """

    value: dict[str, Any]
    problems: tuple[Problem, ...] = ()
    changed: bool = False


def inject(value: dict[str, Any], settings: InjectionSettings, namespace: str | None = None) -> Injected:
    """Inject the sidecar into one Kubernetes object, or into every item of a `kind: List`.

    `namespace` is where an object without `metadata.namespace` will be applied, `default` if None. The object given is not changed; the result
    shares what did not change with it. Kinds without pods pass through.
    """
    if is_list(value):
        return over_items(value, lambda item: inject(item, settings, namespace))
    path = pod_path(value)
    if path is None:
        return Injected(value)
    metadata_path = path[:-2] if settings.compat and value["kind"] == "CronJob" else path
    metadata, spec = _at(value, (*metadata_path, "metadata")), _at(value, (*path, "spec"))
    faults = [
        *misshapen_metadata(value.get("metadata"), ("metadata",)),
        *misshapen_metadata(metadata, (*metadata_path, "metadata")),
        *misshapen_spec(spec, (*path, "spec")),
    ]
    if faults:
        return Injected(value, tuple(Problem(where, message) for where, message in dict.fromkeys(faults)))
    return _inject_workload(value, settings, namespace or "", metadata or {}, spec, (metadata_path, path))


def over_items(value: dict[str, Any], injection: Callable[[dict[str, Any]], Injected]) -> Injected:
    """Apply an injection to every object of a `kind: List`; problems lead to the item they belong to."""
    items, problems, changed = [], [], False
    for index, item in enumerate(value["items"]):
        if not isinstance(item, dict):
            items.append(item)
            continue
        result = injection(item)
        items.append(result.value)
        changed = changed or result.changed
        problems += [replace(problem, path=("items", index, *problem.path)) for problem in result.problems]
    return Injected({**value, "items": items} if changed else value, tuple(problems), changed)


def _inject_workload(
    value: dict[str, Any],
    settings: InjectionSettings,
    namespace: str,
    metadata: Mapping[str, Any],
    spec: Mapping[str, Any],
    paths: tuple[Path, Path],
) -> Injected:
    metadata_path, path = paths
    pod = read_pod(metadata, spec)
    reason = skip_reason(pod, settings.differences)
    space = str(section(value, "metadata").get("namespace") or "")
    if settings.compat:
        reason = reason or place_reason(str(metadata.get("namespace") or ""))
    else:
        space = space or namespace
        reason = reason or place_reason(space) or (_WINDOWS if is_windows(pod) else "")
    if reason:
        return Injected(value, (Problem((*path, "spec"), f"not injected: {reason}", severity="info"),))
    annotations = (*metadata_path, "metadata", "annotations")
    refused = tuple(Problem((*annotations, name), f"`{name}`: {why}") for name, why in refusals(settings, pod))
    if refused:
        return Injected(value, refused)
    if not settings.compat and [each.get("name") for each in pod.spec.get("containers") or ()].count(names.PROXY) > 1:
        return Injected(value, (Problem((*path, "spec", "containers"), _TWICE, _ONE_NAME),))
    warnings = _warnings(settings, pod, path, metadata_path)
    result = inject_pod(settings, pod if settings.compat else with_defaults(pod), owner(value, space))
    if not settings.compat and not result.spec.get("containers"):
        return Injected(value, (Problem((*path, "spec", "containers"), _ALONE, _WITH_OTHERS),))
    marked = {**metadata, "labels": dict(result.labels), "annotations": dict(result.annotations)}
    changed = _put_back(value, (*metadata_path, "metadata"), marked)
    return Injected(_put_back(changed, (*path, "spec"), dict(result.spec)), warnings, changed=True)


_TWICE = "two containers are named `istio-proxy`: the API server refuses such a pod"
_ONE_NAME = "keep one of them"
_ALONE = "`istio-proxy` is the only container, and as a native sidecar it is an init container: the pod would have none"
_WITH_OTHERS = "add the container of the application, or say `sidecarMode: classic`"
_WINDOWS = "its pods run on Windows, and the sidecar is a Linux program"


def _warnings(settings: InjectionSettings, pod: Pod, path: Path, metadata_path: Path) -> tuple[Problem, ...]:
    found = []
    odd = odd_inject_value(pod, settings.differences)
    if odd:
        where = "labels" if names.INJECT in pod.labels else "annotations"
        message = f'`{names.INJECT}` is "{odd}", which Istio {settings.release.line} ignores'
        place: Path = (*metadata_path, "metadata", where, names.INJECT)
        found.append(Problem(place, message, 'use "true" or "false"', "warning"))
    for field in ("initContainers", "containers"):
        for index, container in enumerate(pod.spec.get(field) or []):
            for probe, port in probes.unresolved_ports(container, settings.differences):
                step: Path = (probe,) if probe in probes.PROBES else ("lifecycle", probe)
                message = f"container `{container['name']}` has no port `{port}`: the sidecar will fail this probe"
                help_text = "name a port of this container, or write its number"
                found.append(Problem((*path, "spec", field, index, *step), message, help_text, "warning"))
    return tuple(found)


def _at(value: Any, path: Path) -> Any:
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def _put_back(value: dict[str, Any], path: Path, item: dict[str, Any]) -> dict[str, Any]:
    """A copy of an object with the map at `path` replaced."""
    if not path:
        return item
    key = str(path[0])
    inner = value.get(key)
    return {**value, key: _put_back(inner if isinstance(inner, dict) else {}, path[1:], item)}
