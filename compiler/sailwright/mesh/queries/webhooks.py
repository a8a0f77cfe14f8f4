"""The webhooks of Istio among the manifests: those that inject, and those that lead to the control plane.

Source: pkg/config/analysis/analyzers/webhook and externalcontrolplane.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from sailwright.diagnostics.finding import Path
from sailwright.mesh.objects.namespaces import REVISION_LABEL
from sailwright.mesh.values import kinds
from sailwright.runtime.records import dataclass
from sailwright.source.manifest import Manifest
from sailwright.source.untyped import entries, get, mapping, text, texts

if TYPE_CHECKING:
    from sailwright.mesh.index import Index


@dataclass(frozen=True, slots=True)
class Webhook:
    """One webhook of a configuration, at `path` of its object."""

    manifest: Manifest
    path: Path
    value: Mapping[str, Any]

    @property
    def name(self) -> str:
        """Its own name."""
        return text(self.value.get("name"))

    @property
    def full_name(self) -> str:
        """`configuration/webhook`."""
        return f"{self.manifest.name}/{self.name}"


def webhooks(manifest: Manifest) -> Iterator[Webhook]:
    """The webhooks of one configuration."""
    for path, value in entries(manifest.value.get("webhooks"), ("webhooks",)):
        yield Webhook(manifest, path, value)


def injection_webhooks(index: Index) -> Iterator[Webhook]:
    """The mutating webhooks of configurations that name a revision, or hold a webhook of istio.io."""
    for manifest in index.of(kinds.MUTATING_WEBHOOK):
        own = tuple(webhooks(manifest))
        if revisions(manifest) or any(webhook.name.endswith("istio.io") for webhook in own):
            yield from own


def control_plane_webhooks(index: Index) -> Iterator[Webhook]:
    """The webhooks that call istiod, told by the names of their configurations."""
    for manifest in index.of(kinds.VALIDATING_WEBHOOK):
        if manifest.name == "istiod-default-validator" or manifest.name.startswith("istio-validator"):
            yield from webhooks(manifest)
    for manifest in index.of(kinds.MUTATING_WEBHOOK):
        if manifest.name.startswith("istio-sidecar-injector"):
            yield from webhooks(manifest)


def revisions(manifest: Manifest) -> tuple[str, ...]:
    """The revisions that a webhook configuration mentions, in its label or its selectors; one may be empty."""
    found = [manifest.labels.get(REVISION_LABEL)]
    for webhook in webhooks(manifest):
        for selector in (webhook.value.get("namespaceSelector"), webhook.value.get("objectSelector")):
            found.append(mapping(get(selector, "matchLabels")).get(REVISION_LABEL))
            for _, expression in entries(get(selector, "matchExpressions"), ()):
                if expression.get("key") == REVISION_LABEL:
                    found += texts(expression.get("values"))
    return tuple(dict.fromkeys(revision for revision in found if isinstance(revision, str)))
