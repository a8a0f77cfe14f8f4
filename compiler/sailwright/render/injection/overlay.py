"""The rendered injection templates of a release, put together into what is merged over a pod."""

from __future__ import annotations

from typing import Any

from sailwright.diagnostics.finding import pointer
from sailwright.render.injection import names
from sailwright.render.injection.context import is_native
from sailwright.render.injection.merge import merged
from sailwright.render.injection.pod import Pod, misshapen_metadata, misshapen_spec, named
from sailwright.render.injection.pod_templates import Owner
from sailwright.render.injection.settings import InjectionSettings
from sailwright.render.injection.sidecar_template import Overlay, sidecar
from sailwright.source.source import parse

SIDECAR = "sidecar"


def chosen_templates(pod: Pod) -> list[str]:
    """The names of the templates that a pod asks for, in order."""
    return [name.strip() for name in pod.annotations.get(names.TEMPLATES, SIDECAR).split(",")]


def template_fault(settings: InjectionSettings, name: str) -> str:
    """Why a template cannot be used; empty if it can. The user's own ones are data here: Go's template language is not run."""
    if name == SIDECAR:
        return ""
    own = settings.installation["ownTemplates"]
    if name not in own:
        known = ", ".join(sorted({SIDECAR, *own}))
        return f"there is no template `{name}` to inject offline: the known ones are {known}"
    if "{{" in str(own[name]):
        return f"template `{name}` of the values is written in Go's template language: only plain YAML can be injected offline"
    try:
        _own(settings, name)
    except ValueError as error:
        return f"template `{name}` of the values: {error}"
    return ""


def overlays(
    settings: InjectionSettings, templates: list[str], pod: Pod, owner: Owner, *, alone: bool
) -> list[Overlay]:
    """What each template brings to a pod without earlier injection, in order. `template_fault` must have found nothing.

    `alone`: the pod has no sidecar of its own.
    """
    own = _with_native_proxy if is_native(settings, pod) else _as_it_is
    alone = alone and len(templates) == 1
    return [
        sidecar(settings, pod, owner, alone=alone) if name == SIDECAR else own(_own(settings, name))
        for name in templates
    ]


def _as_it_is(overlay: Overlay) -> Overlay:
    return overlay


def _with_native_proxy(overlay: Overlay) -> Overlay:
    """A template that adds to the sidecar among `containers` (SPIRE's does) adds to the native one instead."""
    proxy = named(overlay.containers("containers"), names.PROXY)
    if proxy is None:
        return overlay
    rest = [container for container in overlay.containers("containers") if container is not proxy]
    spec = {**overlay.spec, "containers": rest, "initContainers": [*overlay.containers("initContainers"), proxy]}
    return Overlay(overlay.labels, overlay.annotations, spec)


def combined(parts: list[Overlay]) -> Overlay:
    """Several overlays as one: what the status annotation names."""
    if len(parts) == 1:
        return parts[0]
    labels: dict[str, str] = {}
    annotations: dict[str, str] = {}
    spec: dict[str, Any] = {}
    for part in parts:
        labels |= part.labels
        annotations |= part.annotations
        spec = merged(spec, part.spec)
    return Overlay(labels, annotations, spec)


def _own(settings: InjectionSettings, name: str) -> Overlay:
    """A template of the user's values: plain YAML of `metadata` and `spec`. Raises ValueError where it is something else."""
    source = parse(name, str(settings.installation["ownTemplates"][name]).encode("utf-8", "replace"), "manifest")
    if source.problems:
        raise ValueError(source.problems[0].message)
    value = source.documents[0].value if source.documents else {}
    parts = [value.get(key) or {} for key in ("metadata", "spec")] if isinstance(value, dict) else []
    if len(parts) != 2 or not all(isinstance(part, dict) for part in parts):
        raise ValueError("a mapping with `metadata` and `spec` is needed")
    metadata, spec = parts
    whole = {"containers": [{"name": "any"}], **spec}
    for place, why in (*misshapen_metadata(metadata, ("metadata",)), *misshapen_spec(whole, ("spec",))):
        raise ValueError(f"{pointer(place)}: {why}")
    return Overlay(metadata.get("labels") or {}, metadata.get("annotations") or {}, spec)
