"""An Argo CD Application or Flux Kustomization has so many objects that every change waits until all are compared.

The controllers compare all objects of an Application or Kustomization whenever one of them changes, in one process and one request
after the other. Above some thousand objects a change takes minutes, and one fault blocks everything. Several of them, one per
namespace or service, are compared in parallel.
"""

from collections import Counter
from collections.abc import Iterator
from posixpath import dirname, normpath

from sailwright.diagnostics.finding import Path, Severity
from sailwright.lint.kinds import objects
from sailwright.lint.rule import Example, Problem
from sailwright.mesh.index import Index
from sailwright.mesh.values import kinds
from sailwright.mesh.world import World
from sailwright.source.manifest import Manifest
from sailwright.source.untyped import get, items, text

ID = "applied-folder-large"
KIND = objects(kinds.ARGO_APPLICATION, kinds.FLUX_KUSTOMIZATION)
SEVERITY: Severity = "warning"
ALIASES: tuple[str, ...] = ()
PARAMETERS = {"most": "How many objects one Application or Kustomization may have."}

BAD = Example(
    """
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: shop, namespace: argocd}
spec:
  source:
    repoURL: https://git.example.com/shop.git
    path: .  # finding
  destination: {namespace: shop, server: https://kubernetes.default.svc}
---
apiVersion: v1
kind: Namespace
metadata: {name: shop}
""",
    parameters={"most": 1},
)

GOOD = """
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: shop, namespace: flux-system}
spec: {path: ./rendered/prod/shop, interval: 10m, prune: true}
---
apiVersion: v1
kind: Namespace
metadata: {name: shop}
"""


def check(manifest: Manifest, mesh: World, *, most: int = 5_000) -> Iterator[Problem]:
    """An Application or Kustomization of a folder that holds more objects of this cluster than `most`."""
    what = "Argo CD Application" if manifest.kind == "Application" else "Flux Kustomization"
    for path, folder in _folders(manifest):
        count = mesh.index.derived(_objects_below)[normpath(folder)]
        if count > most:
            yield Problem(
                manifest,
                path,
                f"{what} {manifest.name} applies {count:,} objects of {folder}, more than {most:,}",
                "split it by namespace: one for each folder below this one, or with `output.layout: service` one for each service",
            )


def _folders(manifest: Manifest) -> Iterator[tuple[Path, str]]:
    """The folders that are applied, each with its path in the object."""
    if manifest.kind == "Kustomization":
        if folder := text(manifest.spec.get("path")):
            yield ("spec", "path"), folder
        return
    if folder := text(get(manifest.spec, "source", "path")):
        yield ("spec", "source", "path"), folder
    for index, source in enumerate(items(manifest.spec.get("sources"))):
        if folder := text(get(source, "path")):
            yield ("spec", "sources", index, "path"), folder


def _objects_below(index: Index) -> Counter[str]:
    """How many objects there are in each folder: rendered ones, whose folders list each other, at any depth; others in it itself."""
    found: Counter[str] = Counter()
    for manifest in index.manifests:
        folder = normpath(dirname(manifest.document.source.path) or ".")
        found[folder] += 1
        while manifest.origin is not None and (above := dirname(folder)):
            found[above] += 1
            folder = above
    return found
