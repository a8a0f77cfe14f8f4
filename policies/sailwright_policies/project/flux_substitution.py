"""Flux replaces `${NAME}` in everything it applies: what was meant for a shell or for Envoy arrives empty.

A Kustomization with `postBuild` substitutes variables in the rendered text; one that is not defined becomes nothing. A second
dollar (`$${NAME}`) keeps it, and so does the annotation `kustomize.toolkit.fluxcd.io/substitute: disabled` on the object.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import ANY_OBJECT
from sailwright.lint.rule import Problem
from sailwright.mesh.index import Index
from sailwright.mesh.values import kinds
from sailwright.mesh.world import World
from sailwright.runtime.regex import regex
from sailwright.source.manifest import Manifest, Origin
from sailwright.source.untyped import get, mapping, strings

ID = "flux-substitution"
KIND = ANY_OBJECT
SEVERITY: Severity = "warning"
ALIASES: tuple[str, ...] = ()

BAD = """
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: shop, namespace: flux-system}
spec: {path: ./rendered/prod, postBuild: {substitute: {cluster: eu1}}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: reviews, namespace: shop}
spec:
  template:
    spec:
      containers:
        - name: reviews
          image: reviews:1.0.0
          args: ["--cluster=${cluster}", "--pod=${HOSTNAME}"]  # finding
"""

GOOD = """
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: shop, namespace: flux-system}
spec: {path: ./rendered/prod, postBuild: {substitute: {cluster: eu1}}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: reviews, namespace: shop}
spec:
  template:
    spec:
      containers:
        - name: reviews
          image: reviews:1.0.0
          args: ["--cluster=${cluster}", "--pod=$${HOSTNAME}"]
"""

_VARIABLE = regex(r"(?<!\$)\$\{([A-Za-z_]\w*)([^}]*)\}")
_DISABLED = "kustomize.toolkit.fluxcd.io/substitute"


def check(manifest: Manifest, mesh: World) -> Iterator[Problem]:
    """An object with variables that no Flux Kustomization defines: a rendered one, or any where one substitutes."""
    flux = mesh.index.derived(_Flux)
    may_hold_one = flux.substitutes if manifest.origin is None else _may_hold_one(mesh, manifest, manifest.origin)
    if flux.defines_more or not may_hold_one or manifest.kind == "Kustomization":
        return
    if "disabled" in (manifest.annotations.get(_DISABLED), manifest.labels.get(_DISABLED)):
        return
    for path, written in strings(manifest.value):
        for found in _VARIABLE.finditer(written):
            if found[1] not in flux.defined and not found[2].startswith((":-", ":=", "-", "=")):
                yield Problem(
                    manifest,
                    path,
                    f"Flux replaces ${{{found[1]}}} with nothing, should it substitute variables here",
                    f"write $${{{found[1]}}}, or annotate the object {_DISABLED}: disabled",
                    severity=None if flux.substitutes else "info",
                )
                break


class _Flux:
    """What the Flux Kustomizations among the objects substitute."""

    def __init__(self, index: Index) -> None:
        found = [get(each.spec, "postBuild") for each in index.of(kinds.FLUX_KUSTOMIZATION)]
        self.substitutes = any(found)
        self.defined = {name for each in found for name in mapping(get(each, "substitute"))}
        self.defines_more = any(get(each, "substituteFrom") for each in found)
        """By names that stand in objects of the cluster."""


def _may_hold_one(mesh: World, manifest: Manifest, origin: Origin) -> bool:
    """Whether a rendered object can hold a variable, by what its author wrote: to walk every object would cost too much."""
    written = [origin.document, *([mesh.project.document] if mesh.project is not None else [])]
    return manifest.kind == "ConfigMap" or any(b"${" in document.source.data for document in written)
