"""Objects of APIs that Istio removed are refused, or kept and ignored: the policy they state does not hold.

Mixer went with 1.8, the old authentication and RBAC kinds with 1.6.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import ANY_OBJECT
from sailwright.lint.rule import Problem
from sailwright.mesh.world import World
from sailwright.source.manifest import Manifest

ID = "removed-kind"
KIND = ANY_OBJECT
SEVERITY: Severity = "error"
ALIASES: tuple[str, ...] = ()

BAD = """
apiVersion: authentication.istio.io/v1alpha1
kind: Policy  # finding
metadata: {name: default, namespace: shop}
spec: {peers: [{mtls: {}}]}
"""

GOOD = """
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: default, namespace: shop}
spec: {mtls: {mode: STRICT}}
"""

GROUPS = {
    "authentication.istio.io": "use PeerAuthentication and RequestAuthentication (security.istio.io/v1)",
    "rbac.istio.io": "use AuthorizationPolicy (security.istio.io/v1)",
    "config.istio.io": "use Telemetry, AuthorizationPolicy or WasmPlugin: Mixer is gone",
}


def check(manifest: Manifest, _: World) -> Iterator[Problem]:
    """Objects of the removed API groups."""
    remedy = GROUPS.get(manifest.group)
    if remedy:
        yield Problem(manifest, ("kind",), f"Istio does not read {manifest.kind} of {manifest.group} any more", remedy)
