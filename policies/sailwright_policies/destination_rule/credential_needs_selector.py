"""A sidecar ignores the whole TLS block of a DestinationRule with a credential and no selector: it sends plain text.

Sidecars may read Secrets only for a DestinationRule that selects its clients by `workloadSelector`; without it the setting
works at gateways alone, and a `configmap://` reference everywhere.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import DESTINATION_RULE
from sailwright.lint.rule import Problem
from sailwright.mesh.objects.routing import DestinationRule
from sailwright.mesh.queries.route_ports import gateway_routed
from sailwright.mesh.queries.traffic_policies import settings_of
from sailwright.mesh.world import World
from sailwright.source.untyped import text

ID = "credential-needs-selector"
KIND = DESTINATION_RULE
SEVERITY: Severity = "warning"
ALIASES: tuple[str, ...] = ()

BAD = """
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: pay, namespace: shop}
spec:
  host: api.pay.example.com
  trafficPolicy:
    tls:
      mode: MUTUAL
      credentialName: pay-client  # finding
"""

GOOD = """
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: pay, namespace: shop}
spec:
  host: api.pay.example.com
  workloadSelector: {matchLabels: {app: checkout}}
  trafficPolicy:
    tls:
      mode: MUTUAL
      credentialName: pay-client
"""


def check(rule: DestinationRule, mesh: World) -> Iterator[Problem]:
    """Credentials for hosts that no gateway routes to."""
    for found in settings_of(rule, mesh.index, "tls"):
        name = text(found.value.get("credentialName"))
        if not name or name.startswith("configmap://") or found.value.get("mode") not in ("SIMPLE", "MUTUAL"):
            continue
        if not rule.workload_selector and not gateway_routed(mesh.index, rule.host):
            yield Problem(
                rule.manifest,
                found.at("credentialName"),
                f"sidecars send plain text to {rule.host}: they use a credential only with a workloadSelector",
                "add spec.workloadSelector.matchLabels with the labels of the clients",
            )
