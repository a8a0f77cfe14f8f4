"""A draft is one object of a service before its template lays it out, a piece is what comes of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sailwright.diagnostics.finding import Path
from sailwright.project.service.model import Service
from sailwright.render.render_context import Surroundings
from sailwright.runtime.records import dataclass, field
from sailwright.source.manifest import Written

SYNC_WAVE = "argocd.argoproj.io/sync-wave"
OWNER = "sailwright.dev/owner"
SOURCE = "sailwright.dev/source"

_FIRST = frozenset(("peerauthentication", "authorizationpolicy", "sidecar", "serviceentry", "destinationrule"))
"""What must be there before the routes that rely on it. VirtualServices have no wave, so that moving weight off a crashing
canary never waits for anything."""


@dataclass(frozen=True, slots=True)
class Draft:
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
class Piece:
    """A rendered object. `paths` leads to the resolved service, or where `written` says so to a file beside it."""

    value: dict[str, Any]
    paths: Mapping[Path, Path]
    written: Callable[[Path], Written] | None = None

    @property
    def kind(self) -> str:
        """Its kind."""
        return str(self.value.get("kind", ""))

    @property
    def name(self) -> str:
        """Its name."""
        return str((self.value.get("metadata") or {}).get("name", ""))


def metadata(draft: Draft, service: Service, around: Surroundings) -> dict[str, Any]:
    """The `metadata` block of an object: whose it is, where it comes from, and the user's labels and annotations."""
    labels = {
        "app.kubernetes.io/name": service.name,
        "app.kubernetes.io/part-of": service.system or service.namespace,
        **service.labels,
        **draft.labels,
        "app.kubernetes.io/managed-by": "sailwright",
    }
    annotations = {OWNER: service.owner} if service.owner else {}
    annotations[SOURCE] = service.file
    if around.sync_waves and draft.template in _FIRST:
        annotations[SYNC_WAVE] = "-1"
    annotations |= {**service.annotations, **draft.annotations}
    return {"name": draft.name, "namespace": service.namespace, "labels": labels, "annotations": annotations}
