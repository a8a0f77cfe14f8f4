"""Documents that are no objects of the cluster, and what reads them instead: they are counted as skipped, never dropped."""

from __future__ import annotations

from collections.abc import Iterator

from sailwright.diagnostics.finding import Skipped
from sailwright.source.manifest import Manifest, manifests
from sailwright.source.source import Document, Source

_KUSTOMIZE = "kustomize.config.k8s.io"


def not_objects(source: Source) -> Iterator[Skipped]:
    """The documents of a manifest file that the API server is never sent, each with the reason."""
    for document in source.documents:
        if document.value is not None and not isinstance(document.value, dict):
            yield _skipped(document, "it is no map")
    for manifest in manifests(source):
        if reason := why_not_an_object(manifest):
            yield _skipped(manifest.document, reason)


def why_not_an_object(manifest: Manifest) -> str:
    """Why a document is not for the cluster; empty for an object. A key that is misspelt does not make it something else."""
    if not manifest.api_version and not manifest.kind:
        return "it has no apiVersion and no kind"
    if manifest.group == _KUSTOMIZE:
        return "kustomize reads it, not the cluster"
    if not manifest.kind and manifest.document.source.path.rpartition("/")[2] == "Chart.yaml":
        return "Helm reads it, not the cluster"
    return ""


def _skipped(document: Document, why: str) -> Skipped:
    return Skipped(document.source.path, f"document {document.index + 1} is no object of the cluster: {why}")
