"""The release's own sidecar template, rendered for one pod. What all pods with the same annotations get is rendered once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sailwright.render.injection import names
from sailwright.render.injection.context import annotation_context, pod_context
from sailwright.render.injection.pod import Container, Pod
from sailwright.render.injection.pod_templates import Owner
from sailwright.render.injection.probes import without_zero_delay
from sailwright.render.injection.settings import InjectionSettings
from sailwright.render.injection.sidecar_form import SidecarForm, form_key, sidecar_form
from sailwright.runtime.records import dataclass, field
from sailwright.source.shared_parts import share


@dataclass(frozen=True, slots=True)
class Overlay:
    """What injection brings: labels, annotations, and the fields of the pod spec by name."""

    labels: Mapping[str, str]
    annotations: Mapping[str, str]
    spec: Mapping[str, Any]

    def containers(self, field: str) -> list[Container]:
        """The injected containers of `containers` or `initContainers`."""
        return self.spec.get(field) or []


@dataclass(frozen=True, slots=True)
class _Alike:
    """The part of pods with the same annotations: their variables, the sidecar without its environment, and the rest of the pod spec.

    `alone` is the sidecar where nothing is merged with it. `forms` are those of its environment, by what they hold for.
    """

    context: Mapping[str, Any]
    proxy: Container
    alone: Container
    mounts: list[dict[str, Any]]
    inits: list[Container]
    volumes: list[dict[str, Any]]
    forms: dict[tuple[Any, ...], SidecarForm | None] = field(default_factory=dict)


def sidecar(settings: InjectionSettings, pod: Pod, owner: Owner, *, alone: bool) -> Overlay:
    """What the template brings to a pod without earlier injection; `alone`: nothing will be merged with the container."""
    alike = _alike(settings, pod)
    context, variables = alike.context, pod_context(settings, pod, owner)
    env, metadata = _of_one_pod(settings, alike, variables)
    proxy = {**(alike.alone if alone else alike.proxy), "env": env, "volumeMounts": alike.mounts}
    spec: dict[str, Any] = {}
    if context["native"]:
        spec["initContainers"] = [*alike.inits, proxy]
    else:
        if alike.inits:
            spec["initContainers"] = alike.inits
        elif settings.compat and "init-containers-survive-none" not in settings.differences:
            spec["initContainers"] = None  # the old template's empty key, which wiped the user's own
        spec["containers"] = [proxy]
    spec["volumes"] = alike.volumes
    if context["pullSecrets"]:
        spec["imagePullSecrets"] = context["pullSecrets"]
    return Overlay(metadata["labels"], metadata["annotations"], spec)


def _of_one_pod(
    settings: InjectionSettings, alike: _Alike, variables: Mapping[str, Any]
) -> tuple[list[dict[str, Any]], Any]:
    """The environment of a pod's sidecar, and the labels and annotations of the pod."""
    key, render = form_key(variables), settings.templates.render
    if key not in alike.forms:
        alike.forms[key] = sidecar_form(render, alike.context, variables)
    form = alike.forms[key]
    if form is not None:
        return form.filled_env(variables), form.filled_metadata(variables)
    context = {**alike.context, **variables}
    return render("inject-env", context), render("inject-metadata", context)


_KEPT = 256
"""Kinds of pods that are kept of one installation; where there are more, it begins anew."""


def _alike(settings: InjectionSettings, pod: Pod) -> _Alike:
    """The part that hangs on nothing but the annotations which injection reads, and on the service account where that is mounted."""
    annotations = {name: value for name, value in pod.annotations.items() if _is_read(name)}
    account = pod.spec.get("serviceAccountName") if settings.installation["mountMtlsCerts"] else None
    key = (account, *annotations.items())
    found: _Alike | None = settings.alike.get(key)
    if found is None:
        if len(settings.alike) >= _KEPT:
            settings.alike.clear()
        found = settings.alike[key] = _rendered(settings, Pod({}, annotations, {"serviceAccountName": account}))
    return found


def _is_read(annotation: str) -> bool:
    """Whether the templates may hang on an annotation; the marks of an earlier injection are none of those."""
    if annotation in (names.STATUS, names.OVERRIDES):
        return False
    return "istio.io/" in annotation or annotation in (names.MULTUS_NETWORKS, names.DATADOG_ENV)


def _rendered(settings: InjectionSettings, pod: Pod) -> _Alike:
    context = annotation_context(settings, pod)
    render = settings.templates.render
    inits = [render("inject-init", context)] if context["interceptionMode"] != "NONE" else []
    proxy, mounts = render("inject-proxy", context), render("inject-mounts", context)
    volumes, alone = render("inject-volumes", context), without_zero_delay(proxy)
    share([proxy, alone, mounts, inits, volumes])
    return _Alike(context, proxy, alone, mounts, inits, volumes)
