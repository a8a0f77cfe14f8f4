"""Flux replaces `${NAME}` in everything it applies: what was meant for a shell or for Envoy arrives empty.

A Kustomization with `postBuild` substitutes variables in the rendered text; one that is not defined becomes nothing. A second
dollar (`$${NAME}`) keeps it, and so does the annotation `kustomize.toolkit.fluxcd.io/substitute: disabled` on the object.
"""

import re
from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.rule import Problem
from sailwright.mesh.values import kinds
from sailwright.mesh.world import World
from sailwright.source.manifest import Manifest, Origin
from sailwright.source.untyped import get, mapping, strings

ID = "flux-substitution"
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

_VARIABLE = re.compile(r"(?<!\$)\$\{([A-Za-z_]\w*)([^}]*)\}")
_DISABLED = "kustomize.toolkit.fluxcd.io/substitute"


def check(world: World) -> Iterator[Problem]:
    """Objects with variables that no Flux Kustomization defines: rendered ones, and all where one substitutes."""
    substituting = [found for found in world.index.of(kinds.FLUX_KUSTOMIZATION) if found.spec.get("postBuild")]
    defined = {name for found in substituting for name in mapping(get(found.spec, "postBuild", "substitute"))}
    if any(get(found.spec, "postBuild", "substituteFrom") for found in substituting):
        return  # the names stand in objects of the cluster
    for manifest in world.manifests:
        if not (substituting if manifest.origin is None else _may_hold_one(world, manifest, manifest.origin)):
            continue
        switches = manifest.annotations.get(_DISABLED), manifest.labels.get(_DISABLED)
        if manifest.kind == "Kustomization" or "disabled" in switches:
            continue
        for path, written in strings(manifest.value):
            for found in _VARIABLE.finditer(written):
                if found[1] not in defined and not found[2].startswith((":-", ":=", "-", "=")):
                    yield Problem(
                        manifest,
                        path,
                        f"Flux replaces ${{{found[1]}}} with nothing, should it substitute variables here",
                        f"write $${{{found[1]}}}, or annotate the object {_DISABLED}: disabled",
                        severity=None if substituting else "info",
                    )
                    break


def _may_hold_one(world: World, manifest: Manifest, origin: Origin) -> bool:
    """Whether a rendered object can hold a variable, by what its author wrote: to walk every object would cost too much."""
    written = [origin.document, *([world.project.document] if world.project is not None else [])]
    return manifest.kind == "ConfigMap" or any(b"${" in document.source.data for document in written)
