"""With automatic mTLS off, clients send plain text to STRICT servers unless a DestinationRule tells them otherwise.

Only where `enableAutoMtls: false` is in the mesh config: by default Istio's clients use mTLS wherever the server can.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.rule import Example, Problem
from sailwright.mesh.facts import Facts
from sailwright.mesh.objects.routing import DestinationRule
from sailwright.mesh.queries.peer_authentication import peer_authentications
from sailwright.mesh.world import World
from sailwright.source.untyped import get

ID = "strict-without-client-mtls"
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


def check(world: World) -> Iterator[Problem]:
    """STRICT of a namespace or the mesh without a DestinationRule of that width that enables mTLS."""
    if world.index.mesh.auto_mtls:
        return
    covered = {rule.host for rule in world.index.destination_rules if _enables(rule)}
    domain = world.facts.cluster_domain
    for found in peer_authentications(world.index):
        if found.selector or found.mode != "STRICT":
            continue
        wanted = {"*.local", "*", f"*.svc.{domain}", f"*.{domain}"}
        if found.namespace != world.index.mesh.root_namespace:
            wanted.add(f"*.{found.namespace}.svc.{domain}")
        if not wanted & covered:
            yield Problem(
                found.manifest,
                ("spec", "mtls", "mode"),
                "automatic mTLS is off, and no DestinationRule makes clients use mTLS: they are refused",
                "add a DestinationRule with tls.mode: ISTIO_MUTUAL for these hosts, or switch enableAutoMtls on",
            )


def _enables(rule: DestinationRule) -> bool:
    return get(rule.manifest.spec, "trafficPolicy", "tls", "mode") in ("ISTIO_MUTUAL", "MUTUAL")
