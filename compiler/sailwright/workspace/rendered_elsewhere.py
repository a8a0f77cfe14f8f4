"""Units that are skipped, each with its reason: charts, helmfiles and Flux's HelmReleases, which another program renders first."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator

from sailwright.mesh.values.kinds import kind_of
from sailwright.source.manifest import Manifest, manifests
from sailwright.source.source import Source
from sailwright.source.untyped import get, mapping, text
from sailwright.workspace.deployment import folder_named


def rendered_elsewhere(sources: Iterable[Source]) -> Iterator[str]:
    """One line for each."""
    for source in sources:
        name = os.path.basename(source.path)
        if name == "Chart.yaml" and _is_chart(source):
            folder = os.path.dirname(source.path) or "."
            yield f"{folder} (Helm chart) skipped: {_TEMPLATES.format(folder)}"
        elif source.not_a_manifest.startswith("helmfile "):
            yield f"{source.path} (helmfile) skipped: lint what `helmfile template` prints"
        elif source.documents:
            yield from map(_release, filter(_is_release, manifests(source)))


_TEMPLATES = "lint what `helm template` prints, or use --helm {}"


def _is_chart(source: Source) -> bool:
    return any({"name", "version"} <= mapping(document.value).keys() for document in source.documents)


def _is_release(manifest: Manifest) -> bool:
    return kind_of(manifest.api_version, manifest.kind) == "HelmRelease.helm.toolkit.fluxcd.io"


def _release(manifest: Manifest) -> str:
    chart = text(get(manifest.spec, "chart", "spec", "chart"))
    in_repository = get(manifest.spec, "chart", "spec", "sourceRef", "kind") in ("GitRepository", "Bucket")
    folder = folder_named(manifest, chart) if in_repository else None
    where = (
        _TEMPLATES.format(os.path.relpath(folder)) if folder else f"its chart {chart or '(a reference)'} is not here"
    )
    return f"{manifest.document.source.path} (HelmRelease {manifest.name}) skipped: {where}"
