"""With automatic mTLS off, clients send plain text to STRICT servers unless a DestinationRule sets mTLS.

Only where `enableAutoMtls: false` is in the mesh config: by default Istio's clients use mTLS wherever the server can.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import PEER_AUTHENTICATION
from sailwright.lint.rule import Example, Problem
from sailwright.mesh.facts import Facts
from sailwright.mesh.index import Index
from sailwright.mesh.queries.peer_authentication import enables_mtls, peer_authentication
from sailwright.mesh.world import World
from sailwright.source.manifest import Manifest

ID = "strict-without-client-mtls"
KIND = PEER_AUTHENTICATION
SEVERITY: Severity = "error"
ALIASES: tuple[str, ...] = ("KIA0401", "KIA0501")

BAD = Example(
    """
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: default, namespace: shop}
spec:
  mtls:
    mode: STRICT  # finding
""",
    Facts(mesh_config={"enableAutoMtls": False}),
)
GOOD = (
    Example(BAD.text.replace("  # finding", "")),
    Example(
        BAD.text.replace("  # finding", "")
        + """
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: default, namespace: shop}
spec:
  host: "*.shop.svc.cluster.local"
  trafficPolicy: {tls: {mode: ISTIO_MUTUAL}}
""",
        BAD.facts,
    ),
)


def check(manifest: Manifest, mesh: World) -> Iterator[Problem]:
    """STRICT of a namespace or the mesh without a DestinationRule of that width that enables mTLS."""
    own = peer_authentication(manifest, mesh.index)
    if mesh.index.mesh.auto_mtls or own.selector or own.mode != "STRICT":
        return
    domain = mesh.facts.cluster_domain
    wanted = {"*.local", "*", f"*.svc.{domain}", f"*.{domain}"}
    if own.namespace != mesh.index.mesh.root_namespace:
        wanted.add(f"*.{own.namespace}.svc.{domain}")
    if not wanted & mesh.index.derived(_covered):
        yield Problem(
            manifest,
            ("spec", "mtls", "mode"),
            "automatic mTLS is off, and no DestinationRule makes clients use mTLS: they are refused",
            "add a DestinationRule with tls.mode: ISTIO_MUTUAL for these hosts, or switch enableAutoMtls on",
        )


def _covered(index: Index) -> frozenset[str]:
    """The hosts whose clients use mTLS by a DestinationRule."""
    return frozenset(rule.host for rule in index.destination_rules if enables_mtls(rule))
