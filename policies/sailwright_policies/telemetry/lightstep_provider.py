"""A Telemetry that traces to a Lightstep provider stops tracing when Istio drops it.

The `lightstep` extension provider is deprecated; Lightstep takes OpenTelemetry.
"""

from __future__ import annotations

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.rule import Example, Problem
from sailwright.mesh.facts import Facts
from sailwright.mesh.values import kinds
from sailwright.mesh.world import World
from sailwright.source.untyped import entries, text

ID = "lightstep-provider"
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


def check(world: World) -> Iterator[Problem]:
    """Compare tracing providers with the lightstep ones of MeshConfig."""
    index = world.index
    deprecated = index.mesh.extension_providers("lightstep")
    for manifest in index.of(kinds.TELEMETRY) if deprecated else ():
        for path, tracing in entries(manifest.spec.get("tracing"), ("spec", "tracing")):
            for place, provider in entries(tracing.get("providers"), (*path, "providers")):
                name = text(provider.get("name"))
                if name in deprecated:
                    shown = () if index.facts.compat else (*place, "name")
                    message = f"the tracing provider `{name}` is of the deprecated kind lightstep"
                    yield Problem(manifest, shown, message, "use an opentelemetry provider")
