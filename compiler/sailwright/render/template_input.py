"""A template_input is one object of a service before its template lays it out, a rendered_object is what comes of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sailwright.diagnostics.finding import Path
from sailwright.project.service.model import Service
from sailwright.render.render_context import RenderContext
from sailwright.runtime.records import dataclass, field
from sailwright.source.manifest import Written

SYNC_WAVE = "argocd.argoproj.io/sync-wave"
OWNER = "sailwright.dev/owner"
SOURCE = "sailwright.dev/source"

_FIRST = frozenset(("peerauthentication", "authorizationpolicy", "sidecar", "serviceentry", "destinationrule"))
"""What must be there before the routes that rely on it. VirtualServices have no wave, so that moving weight off a crashing
canary never waits for anything."""


@dataclass(frozen=True, slots=True)
class TemplateInput:
    """The variables of one object's template.

    `paths` leads from places of the rendered object to those of the resolved service that caused them.
    """

    template: str
    name: str
    variables: Mapping[str, Any]
    paths: Mapping[Path, Path]
    labels: Mapping[str, str] = field(default_factory=dict)
    annotations: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RenderedObject:
    """A rendered object. `paths` leads to the resolved service, or where `written` says so to a file beside it.

    `template` is the project's own template that made it, or the pods in it.
    """

    value: dict[str, Any]
    paths: Mapping[Path, Path]
    written: Callable[[Path], Written] | None = None
    template: str | None = None

    @property
    def kind(self) -> str:
        """Its kind."""
        return str(self.value.get("kind", ""))

    @property
    def name(self) -> str:
        """Its name."""
        return str((self.value.get("metadata") or {}).get("name", ""))


def metadata(template_input: TemplateInput, service: Service, context: RenderContext) -> dict[str, Any]:
    """The `metadata` block of an object: whose it is, where it comes from, and the user's labels and annotations."""
    labels = {
        "app.kubernetes.io/name": service.name,
        "app.kubernetes.io/part-of": service.system or service.namespace,
        **service.labels,
        **template_input.labels,
        "app.kubernetes.io/managed-by": "sailwright",
    }
    annotations = {OWNER: service.owner} if service.owner else {}
    annotations[SOURCE] = service.file
    if context.sync_waves and template_input.template in _FIRST:
        annotations[SYNC_WAVE] = "-1"
    annotations |= {**service.annotations, **template_input.annotations}
    return {"name": template_input.name, "namespace": service.namespace, "labels": labels, "annotations": annotations}
