"""A namespace without a label is injected where the injector is set to inject everything.

With `sidecarInjectorWebhook.enableNamespacesByDefault` every namespace is in the mesh unless it says
`istio-injection: disabled`. That is easily overlooked in the namespace's own manifest.
"""

from __future__ import annotations

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import objects
from sailwright.lint.rule import Problem
from sailwright.mesh.objects.namespaces import says_nothing
from sailwright.mesh.queries.injector_config import injects_by_default
from sailwright.mesh.values import kinds
from sailwright.mesh.world import World
from sailwright.source.manifest import Manifest

ID = "namespace-injected-by-default"
KIND = objects(kinds.NAMESPACE)
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


def check(namespace: Manifest, mesh: World) -> Iterator[Problem]:
    """A namespace without a word about injection while the injector injects all."""
    if says_nothing(namespace) and injects_by_default(mesh.index, ""):
        message = f"the namespace {namespace.name} is injected, because the injector injects by default"
        yield Problem(namespace, ("metadata", "name"), message, "say istio-injection: enabled or disabled")
