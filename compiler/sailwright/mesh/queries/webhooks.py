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


def injecting(manifest: Manifest) -> tuple[Webhook, ...]:
    """The webhooks of a mutating configuration that names a revision, or holds a webhook of istio.io; else none."""
    own = tuple(webhooks(manifest))
    return own if revisions(manifest) or any(webhook.name.endswith("istio.io") for webhook in own) else ()


def injection_webhooks(index: Index) -> Iterator[Webhook]:
    """The webhooks of all configurations that inject."""
    for manifest in index.of(kinds.MUTATING_WEBHOOK):
        yield from injecting(manifest)


def control_plane_webhooks(manifest: Manifest) -> Iterator[Webhook]:
    """The webhooks of a configuration that calls istiod, as its name says; else none."""
    prefix = "istio-validator" if manifest.kind.startswith("Validating") else "istio-sidecar-injector"
    if manifest.name.startswith(prefix) or (manifest.kind, manifest.name) == _DEFAULT_VALIDATOR:
        yield from webhooks(manifest)


_DEFAULT_VALIDATOR = ("ValidatingWebhookConfiguration", "istiod-default-validator")


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
