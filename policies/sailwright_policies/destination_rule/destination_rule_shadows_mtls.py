"""With automatic mTLS off, a DestinationRule without a TLS block drops the mTLS that a wider one set: nothing is inherited.

Istio uses the most specific DestinationRule for a host and only that one.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.rule import Example, Problem
from sailwright.mesh.facts import Facts
from sailwright.mesh.objects.routing import DestinationRule
from sailwright.mesh.queries.traffic_policies import policies
from sailwright.mesh.world import World
from sailwright.source.untyped import get

ID = "destination-rule-shadows-mtls"
SEVERITY: Severity = "warning"
ALIASES: tuple[str, ...] = ("KIA0204",)

BAD = Example(
    """
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: default, namespace: shop}
spec:
  host: "*.shop.svc.cluster.local"
  trafficPolicy: {tls: {mode: ISTIO_MUTUAL}}
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: reviews, namespace: shop}
spec:
  host: reviews  # finding
  trafficPolicy: {loadBalancer: {simple: RANDOM}}
""",
    Facts(mesh_config={"enableAutoMtls": False}),
)
GOOD = (
    Example(BAD.text.replace("  # finding", "")),
    Example(
        BAD.text.replace("  # finding", "").replace(
            "{simple: RANDOM}}", "{simple: RANDOM}, tls: {mode: ISTIO_MUTUAL}}"
        ),
        BAD.facts,
    ),
)


def check(world: World) -> Iterator[Problem]:
    """DestinationRules without `tls`, under a wildcard one that enables mTLS."""
    if world.index.mesh.auto_mtls:
        return
    for rule in world.index.destination_rules:
        if any("tls" in policy.value for policy in policies(rule) if not policy.subset):
            continue
        wider = next(
            (other for other in world.index.rules_for(rule.host) if other.host != rule.host and _enables(other)), None
        )
        if wider is not None:
            yield Problem(
                rule.manifest,
                ("spec", "host"),
                f"calls to {rule.written_host} lose the mTLS that {wider.written_host} sets: this DestinationRule has no tls",
                "repeat `tls: {mode: ISTIO_MUTUAL}` here",
                related=((wider.manifest, ("spec", "trafficPolicy", "tls"), "the mTLS that is lost"),),
            )


def _enables(rule: DestinationRule) -> bool:
    return get(rule.manifest.spec, "trafficPolicy", "tls", "mode") in ("ISTIO_MUTUAL", "MUTUAL")
