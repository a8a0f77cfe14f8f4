"""A WasmPlugin that Istio's webhook refuses is never applied: what it should check is not checked.

istiod checks the address of the module, its digest, its environment and the ports it is for.
"""

from __future__ import annotations

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.rule import Problem
from sailwright.mesh.world import World
from sailwright_policies.validation import webhook_problems

ID = "wasm-plugin-refused"
SEVERITY: Severity = "error"
ALIASES = ("IST0106",)
BAD = """
apiVersion: extensions.istio.io/v1alpha1
kind: WasmPlugin
metadata: {name: reviews, namespace: shop}
spec:
  url: ftp://example.com/filter.wasm  # finding
"""
GOOD = """
apiVersion: extensions.istio.io/v1alpha1
kind: WasmPlugin
metadata: {name: reviews, namespace: shop}
spec:
  url: oci://registry.example.com/filter:1.0
"""


def check(world: World) -> Iterator[Problem]:
    """Ask the webhook's checks for the kind."""
    return webhook_problems(world, "WasmPlugin", ID)
