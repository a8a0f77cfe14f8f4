"""With automatic mTLS off, a DestinationRule without a TLS block drops the mTLS that a wider one set: nothing is inherited.

Istio uses the most specific DestinationRule for a host and only that one.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import DESTINATION_RULE
from sailwright.lint.rule import Example, Problem
from sailwright.mesh.facts import Facts
from sailwright.mesh.objects.routing import DestinationRule
from sailwright.mesh.queries.peer_authentication import enables_mtls
from sailwright.mesh.world import World

ID = "destination-rule-shadows-mtls"
KIND = DESTINATION_RULE
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


def check(rule: DestinationRule, mesh: World) -> Iterator[Problem]:
    """A DestinationRule without `tls`, under a wildcard one that enables mTLS."""
    if mesh.index.mesh.auto_mtls or any("tls" in policy.value for policy in rule.policies if not policy.subset):
        return
    candidates = mesh.index.rules_for(rule.host)
    wider = next((other for other in candidates if other.host != rule.host and enables_mtls(other)), None)
    if wider is not None:
        yield Problem(
            rule.manifest,
            ("spec", "host"),
            f"calls to {rule.written_host} lose the mTLS that {wider.written_host} sets: this DestinationRule has no tls",
            "repeat `tls: {mode: ISTIO_MUTUAL}` here",
            related=((wider.manifest, ("spec", "trafficPolicy", "tls"), "the mTLS that is lost"),),
        )
