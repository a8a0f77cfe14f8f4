"""A WasmPlugin or an EnvoyFilter that selects pods in ambient mode has no effect: these pods have no Envoy.

A waypoint runs WasmPlugins that name it, or the service, in `targetRefs`.
"""

from __future__ import annotations

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import objects
from sailwright.lint.rule import Problem
from sailwright.mesh.queries.pod_proxies import in_ambient_mode
from sailwright.mesh.queries.waypoints import target_references
from sailwright.mesh.values import kinds
from sailwright.mesh.world import World
from sailwright.source.manifest import Manifest
from sailwright.source.untyped import get, labels

ID = "extension-at-ztunnel"
KIND = objects(kinds.WASM_PLUGIN, kinds.ENVOY_FILTER)
SEVERITY: Severity = "warning"
ALIASES: tuple[str, ...] = ("KIA1111", "KIA1116")

BAD = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: cart, namespace: shop}
spec:
  template:
    metadata: {labels: {app: cart, istio.io/dataplane-mode: ambient}}
    spec: {containers: [{name: cart, image: "example.com/cart:1.0"}]}
---
apiVersion: extensions.istio.io/v1alpha1
kind: WasmPlugin
metadata: {name: cart, namespace: shop}
spec:
  selector:  # finding
    matchLabels: {app: cart}
  url: oci://registry.example.com/plugin:1.0
"""
GOOD = BAD.replace(
    "  selector:  # finding\n    matchLabels: {app: cart}\n", '  targetRefs: [{kind: Service, group: "", name: cart}]\n'
)


def check(extension: Manifest, mesh: World) -> Iterator[Problem]:
    """Those whose selector takes workloads alone that are surely in ambient mode."""
    key = "workloadSelector" if extension.kind == "EnvoyFilter" else "selector"
    inner = "labels" if extension.kind == "EnvoyFilter" else "matchLabels"
    selector = labels(get(extension.spec, key, inner))
    if not selector or target_references(extension):
        return
    found = mesh.index.selected(selector, mesh.index.namespace_of(extension))
    if found and all(in_ambient_mode(mesh.index, each) for each in found):
        first = f"{found[0].kind} {found[0].name}"
        yield Problem(
            extension,
            ("spec", key),
            f"it has no effect: {first} is in ambient mode, and its pods have no Envoy",
            "give the service a waypoint, and name it in `targetRefs`",
            key=True,
        )
