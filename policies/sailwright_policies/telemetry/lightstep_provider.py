"""A Telemetry that traces to a Lightstep provider stops tracing when Istio drops it.

The `lightstep` extension provider is deprecated; Lightstep takes OpenTelemetry.
"""

from __future__ import annotations

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import TELEMETRY
from sailwright.lint.rule import Example, Problem
from sailwright.mesh.facts import Facts
from sailwright.mesh.world import World
from sailwright.source.manifest import Manifest
from sailwright.source.untyped import entries, text

ID = "lightstep-provider"
KIND = TELEMETRY
SEVERITY: Severity = "warning"
ALIASES = ("IST0002",)
_MESH = Facts(mesh_config={"extensionProviders": [{"name": "traces", "lightstep": {"service": "a", "port": 1}}]})
BAD = Example(
    """
apiVersion: telemetry.istio.io/v1
kind: Telemetry
metadata: {name: default, namespace: istio-system}
spec:
  tracing:
    - providers:
        - name: traces  # finding
""",
    _MESH,
)
GOOD = Example(
    """
apiVersion: telemetry.istio.io/v1
kind: Telemetry
metadata: {name: default, namespace: istio-system}
spec:
  tracing:
    - providers:
        - name: otel
""",
    _MESH,
)


def check(telemetry: Manifest, mesh: World) -> Iterator[Problem]:
    """Compare tracing providers with the lightstep ones of MeshConfig."""
    deprecated = mesh.index.mesh.extension_providers("lightstep")
    for path, tracing in entries(telemetry.spec.get("tracing"), ("spec", "tracing")):
        for place, provider in entries(tracing.get("providers"), (*path, "providers")):
            name = text(provider.get("name"))
            if name in deprecated:
                message = f"the tracing provider `{name}` is of the deprecated kind lightstep"
                yield Problem(telemetry, (*place, "name"), message, "use an opentelemetry provider")
