"""A TrafficExtension that Istio's webhook refuses is never applied: what it should check is not checked.

istiod checks that it holds either a WebAssembly module or Lua, the module's address, and the ports it is for.
"""

from __future__ import annotations

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.rule import Problem
from sailwright.mesh.world import World
from sailwright_policies.validation import webhook_problems

ID = "traffic-extension-refused"
SEVERITY: Severity = "error"
ALIASES = ("IST0106",)
BAD = """
apiVersion: extensions.istio.io/v1alpha1
kind: TrafficExtension
metadata: {name: reviews, namespace: shop}
spec:
  wasm:
    url: ftp://example.com/filter.wasm  # finding
"""
GOOD = """
apiVersion: extensions.istio.io/v1alpha1
kind: TrafficExtension
metadata: {name: reviews, namespace: shop}
spec:
  wasm:
    url: oci://registry.example.com/filter:1.0
"""


def check(world: World) -> Iterator[Problem]:
    """Ask the webhook's checks for the kind."""
    return webhook_problems(world, "TrafficExtension", ID)
