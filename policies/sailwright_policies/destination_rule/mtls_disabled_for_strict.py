"""A client that is configured to send plain text to a STRICT server is refused on every connection.

A DestinationRule with `tls.mode: DISABLE` switches mTLS off at the client; a PeerAuthentication with STRICT accepts nothing
else. The two meet for a host, a namespace or the whole mesh.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import DESTINATION_RULE
from sailwright.lint.rule import Problem
from sailwright.mesh.objects.routing import DestinationRule
from sailwright.mesh.queries.peer_authentication import client_modes
from sailwright.mesh.world import World

ID = "mtls-disabled-for-strict"
KIND = DESTINATION_RULE
SEVERITY: Severity = "error"
ALIASES: tuple[str, ...] = ("KIA0207", "KIA0208")

BAD = """
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: default, namespace: shop}
spec: {mtls: {mode: STRICT}}
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: plain, namespace: shop}
spec:
  host: "*.shop.svc.cluster.local"
  trafficPolicy:
    tls:
      mode: DISABLE  # finding
"""

GOOD = """
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: default, namespace: shop}
spec: {mtls: {mode: PERMISSIVE}}
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: plain, namespace: shop}
spec:
  host: "*.shop.svc.cluster.local"
  trafficPolicy:
    tls:
      mode: DISABLE
"""


def check(rule: DestinationRule, mesh: World) -> Iterator[Problem]:
    """DISABLE of a host, a subset, a namespace or the mesh against the declared mode of what it stands for."""
    for found in client_modes(rule, mesh.index, "DISABLE"):
        if found.server.mode == "STRICT":
            yield Problem(
                rule.manifest,
                found.path,
                f"{found.where(rule.written_host)} accepts mTLS only (STRICT), and this DestinationRule sends plain text",
                "remove the tls block: Istio then uses mTLS by itself wherever the server has a sidecar",
                related=((found.server.manifest, found.server.path, "STRICT is set here"),),
            )
