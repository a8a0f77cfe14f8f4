"""A client that insists on mTLS cannot talk to a server where it is disabled.

A DestinationRule with `ISTIO_MUTUAL` sends TLS with the mesh's certificates; a PeerAuthentication with DISABLE makes the
server's proxy pass the bytes on to an application that expects plain text. (`MUTUAL`, with certificates of your own, may well
be meant for the application itself.)
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import DESTINATION_RULE
from sailwright.lint.rule import Problem
from sailwright.mesh.objects.routing import DestinationRule
from sailwright.mesh.queries.peer_authentication import client_modes
from sailwright.mesh.world import World

ID = "mtls-forced-on-disabled"
KIND = DESTINATION_RULE
SEVERITY: Severity = "error"
ALIASES: tuple[str, ...] = ("KIA0505", "KIA0506")

BAD = """
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: default, namespace: shop}
spec: {mtls: {mode: DISABLE}}
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: secure, namespace: shop}
spec:
  host: "*.shop.svc.cluster.local"
  trafficPolicy:
    tls:
      mode: ISTIO_MUTUAL  # finding
"""

GOOD = """
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: default, namespace: shop}
spec: {mtls: {mode: PERMISSIVE}}
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: secure, namespace: shop}
spec:
  host: "*.shop.svc.cluster.local"
  trafficPolicy:
    tls:
      mode: ISTIO_MUTUAL
"""


def check(rule: DestinationRule, mesh: World) -> Iterator[Problem]:
    """ISTIO_MUTUAL of a host, a subset, a namespace or the mesh against the declared mode of what it stands for."""
    for found in client_modes(rule, mesh.index, "ISTIO_MUTUAL"):
        if found.server.mode == "DISABLE":
            yield Problem(
                rule.manifest,
                found.path,
                f"mTLS is disabled at {found.where(rule.written_host)}, and this DestinationRule insists on it",
                "remove the tls block, or let the server accept mTLS (PERMISSIVE or STRICT)",
                related=((found.server.manifest, found.server.path, "DISABLE is set here"),),
            )
