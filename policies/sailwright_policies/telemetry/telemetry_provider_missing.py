"""Access logging without a provider logs nothing.

An `accessLogging` entry without `providers` means the mesh's default ones. Where MeshConfig names none under
`defaultProviders.accessLogging`, no log is written.
"""

from __future__ import annotations

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import TELEMETRY
from sailwright.lint.rule import Problem
from sailwright.mesh.world import World
from sailwright.source.manifest import Manifest
from sailwright.source.untyped import entries, items

ID = "telemetry-provider-missing"
KIND = TELEMETRY
SEVERITY: Severity = "warning"
ALIASES = ("IST0157",)
BAD = """
apiVersion: telemetry.istio.io/v1
kind: Telemetry
metadata: {name: default, namespace: istio-system}
spec:
  accessLogging:
    - match: {mode: SERVER}  # finding
"""
GOOD = """
apiVersion: telemetry.istio.io/v1
kind: Telemetry
metadata: {name: default, namespace: istio-system}
spec:
  accessLogging:
    - providers: [{name: envoy}]
    - match: {mode: CLIENT}
      disabled: true
"""


def check(telemetry: Manifest, mesh: World) -> Iterator[Problem]:
    """Look for entries without providers, unless the mesh has default ones."""
    index = mesh.index
    if index.mesh.access_log_providers or (index.mesh.access_log_file and not index.facts.compat):
        return
    for path, entry in entries(telemetry.spec.get("accessLogging"), ("spec", "accessLogging")):
        if not items(entry.get("providers")) and entry.get("disabled") is not True:
            message = "this accessLogging entry names no provider, and MeshConfig has no default one"
            remedy = "name a provider, or set defaultProviders.accessLogging in MeshConfig"
            yield Problem(telemetry, path, message, remedy)
