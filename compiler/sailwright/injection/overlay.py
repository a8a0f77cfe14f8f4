"""The rendered injection templates of a release, put together into what is merged over a pod."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sailwright.injection.pod import Container
from sailwright.injection.settings import InjectionSettings


@dataclass(frozen=True, slots=True)
class Overlay:
    """What injection brings: labels, annotations, and the fields of the pod spec by name."""

    labels: Mapping[str, str]
    annotations: Mapping[str, str]
    spec: Mapping[str, Any]

    def containers(self, field: str) -> list[Container]:
        """The injected containers of `containers` or `initContainers`."""
        return self.spec.get(field) or []


def render_overlay(settings: InjectionSettings, context: Mapping[str, Any]) -> Overlay:
    """Render the release's templates with the variables of one pod."""
    render = settings.templates.render
    proxy = render("inject-proxy", context)
    proxy["env"] = render("inject-env", context)
    proxy["volumeMounts"] = render("inject-mounts", context)
    redirects = context["interceptionMode"] != "NONE"
    inits = [render("inject-init", context)] if redirects else []
    spec: dict[str, Any] = {}
    if context["native"]:
        spec["initContainers"] = [*inits, proxy]
    else:
        if redirects:
            spec["initContainers"] = inits
        elif settings.compat and "init-containers-survive-none" not in settings.behaviour:
            spec["initContainers"] = None  # the old template's empty key, which wiped the user's own
        spec["containers"] = [proxy]
    spec["volumes"] = render("inject-volumes", context)
    if context["pullSecrets"]:
        spec["imagePullSecrets"] = context["pullSecrets"]
    metadata = render("inject-metadata", context)
    return Overlay(metadata["labels"], metadata["annotations"], spec)
