"""A namespace without a label is injected where the injector is set to inject everything.

With `sidecarInjectorWebhook.enableNamespacesByDefault` every namespace is in the mesh unless it says
`istio-injection: disabled`. That is easily overlooked in the namespace's own manifest.
"""

from __future__ import annotations

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.rule import Problem
from sailwright.mesh.objects.namespaces import DATAPLANE_LABEL, INJECTION_LABEL, REVISION_LABEL
from sailwright.mesh.queries.injector_config import injects_by_default
from sailwright.mesh.values import kinds
from sailwright.mesh.world import World
from sailwright.source.untyped import labels

ID = "namespace-injected-by-default"
SEVERITY: Severity = "info"
ALIASES = ("IST0148",)
BAD = """
apiVersion: v1
kind: ConfigMap
metadata: {name: istio-sidecar-injector, namespace: istio-system}
data: {values: '{"sidecarInjectorWebhook": {"enableNamespacesByDefault": true}}'}
---
apiVersion: v1
kind: Namespace
metadata:
  name: shop  # finding
"""
GOOD = BAD.replace("  # finding", "").replace("true}}", "false}}")


def check(world: World) -> Iterator[Problem]:
    """Look for namespaces without a word about injection while the injector injects all."""
    index = world.index
    for manifest in index.of(kinds.NAMESPACE):
        own = labels(manifest.labels)
        if manifest.name == "istio-system" or own.get(DATAPLANE_LABEL) == "ambient":
            continue
        if not own.get(INJECTION_LABEL) and REVISION_LABEL not in own and injects_by_default(index, ""):
            message = f"the namespace {manifest.name} is injected, because the injector injects by default"
            yield Problem(manifest, ("metadata", "name"), message, "say istio-injection: enabled or disabled")
