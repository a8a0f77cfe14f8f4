"""What Flux, Argo CD and Skaffold say is deployed: the folders, and what is set on the objects there.

Source: the Kustomization of kustomize.toolkit.fluxcd.io; the others have modules of their own. Paths are those of the repository that
holds the file; where nothing lies there, nothing is known.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from sailwright.mesh.values.kinds import kind_of
from sailwright.source.manifest import Manifest, manifests
from sailwright.source.placeholders import has_placeholder
from sailwright.source.source import Source
from sailwright.source.untyped import entries, mapping, text, text_entries
from sailwright.workspace.argo_cd import of_application, of_application_set
from sailwright.workspace.deployment import Deployment, folder_named, on_top
from sailwright.workspace.skaffold import of_skaffold

_KINDS = frozenset(("Kustomization", "Application", "ApplicationSet", "ConfigMap", "Secret"))


def deployments(by_file: Mapping[str, Source]) -> Iterator[Deployment]:
    """Everything that the files of a repository, by their real paths, deploy from its folders."""
    objects = [
        found for source in by_file.values() if source.documents for found in manifests(source) if found.kind in _KINDS
    ]
    for manifest in objects:
        kind = kind_of(manifest.api_version, manifest.kind)
        if kind == "Kustomization.kustomize.toolkit.fluxcd.io":
            yield from _flux(manifest, objects)
        elif kind == "Application.argoproj.io":
            yield from of_application(manifest, manifest.spec, manifest.name)
        elif kind == "ApplicationSet.argoproj.io":
            yield from of_application_set(manifest)
    yield from of_skaffold(by_file)


# -- Flux -----------------------------------------------------------------------------------------------------------

_FLUX_KEYS = ("namePrefix", "nameSuffix", "images", "components", "patches", "patchesStrategicMerge", "patchesJson6902")


def _flux(manifest: Manifest, objects: Sequence[Manifest]) -> Iterator[Deployment]:
    spec = manifest.spec
    folder = folder_named(manifest, text(spec.get("path")))
    if folder is None:
        return
    more = {key: spec[key] for key in _FLUX_KEYS if spec.get(key)}
    if (namespace := text(spec.get("targetNamespace"))) and not has_placeholder(namespace):
        more["namespace"] = namespace
    common = mapping(spec.get("commonMetadata"))
    if labels := mapping(common.get("labels")):
        more["labels"] = [{"pairs": labels}]
    what = f"Flux Kustomization {manifest.name}"
    values = _values(manifest, objects) if "postBuild" in spec else None
    yield Deployment(folder, what, manifest.document, on_top(folder, more, manifest), values=values)


def _values(manifest: Manifest, objects: Sequence[Manifest]) -> dict[str, str]:
    """The variables that are declared; those that come from the cluster stay unknown."""
    post = mapping(manifest.spec.get("postBuild"))
    found: dict[str, str] = {}
    for _, each in entries(post.get("substituteFrom"), ()):
        for held in objects:
            if (held.kind, held.name) == (each.get("kind"), each.get("name")) and held.namespace in (
                None,
                manifest.namespace,
            ):
                found |= text_entries(held.value.get("data" if held.kind == "ConfigMap" else "stringData"))
    return found | text_entries(post.get("substitute"))
