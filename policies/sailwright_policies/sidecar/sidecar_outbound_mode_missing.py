"""An outbound traffic policy without a mode is REGISTRY_ONLY: unknown hosts are blocked.

The mesh's default is ALLOW_ANY, and an empty block in a Sidecar overrides it with the zero value.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import SIDECAR
from sailwright.lint.rule import Problem
from sailwright.mesh.objects.sidecars import Sidecar
from sailwright.mesh.world import World

ID = "sidecar-outbound-mode-missing"
KIND = SIDECAR
SEVERITY: Severity = "info"
ALIASES: tuple[str, ...] = ("KIA1007",)

BAD = """
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: {name: default, namespace: shop}
spec:
  outboundTrafficPolicy: {}  # finding
  egress: [{hosts: ["./*"]}]
"""

GOOD = """
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: {name: default, namespace: shop}
spec:
  outboundTrafficPolicy: {mode: REGISTRY_ONLY}
  egress: [{hosts: ["./*"]}]
"""


def check(sidecar: Sidecar, _: World) -> Iterator[Problem]:
    """Sidecars whose `outboundTrafficPolicy` says no mode."""
    policy = sidecar.manifest.spec.get("outboundTrafficPolicy")
    if isinstance(policy, dict) and not policy.get("mode"):
        yield Problem(
            sidecar.manifest,
            ("spec", "outboundTrafficPolicy"),
            "without a mode this is REGISTRY_ONLY: calls to unknown hosts are blocked",
            "write `mode: REGISTRY_ONLY` or `mode: ALLOW_ANY`",
            key=True,
        )
