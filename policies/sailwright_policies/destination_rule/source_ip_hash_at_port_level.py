"""`useSourceIp` under portLevelSettings is not read for TCP: connections go to random pods.

For a TCP port the hash is taken from the policy at the top of the DestinationRule, or from the routed subset's own; the port
level settings turn the cluster into a ring, and the proxy does not know what to hash.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import DESTINATION_RULE
from sailwright.lint.rule import Problem
from sailwright.mesh.objects.routing import DestinationRule
from sailwright.mesh.queries.traffic_policies import all_tcp, settings_of
from sailwright.mesh.world import World
from sailwright.source.untyped import get

ID = "source-ip-hash-at-port-level"
KIND = DESTINATION_RULE
SEVERITY: Severity = "warning"
ALIASES: tuple[str, ...] = ()

BAD = """
apiVersion: v1
kind: Service
metadata: {name: cache, namespace: shop}
spec: {selector: {app: cache}, ports: [{name: redis, port: 6379}]}
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: cache, namespace: shop}
spec:
  host: cache
  trafficPolicy:
    portLevelSettings:
      - port: {number: 6379}
        loadBalancer:
          consistentHash:
            useSourceIp: true  # finding
"""

GOOD = """
apiVersion: v1
kind: Service
metadata: {name: cache, namespace: shop}
spec: {selector: {app: cache}, ports: [{name: redis, port: 6379}]}
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: cache, namespace: shop}
spec:
  host: cache
  trafficPolicy:
    loadBalancer: {consistentHash: {useSourceIp: true}}
"""


def check(rule: DestinationRule, mesh: World) -> Iterator[Problem]:
    """`useSourceIp` for a single TCP port, where the policy above does not hash by it too."""
    for found in settings_of(rule, mesh.index, "loadBalancer", "consistentHash"):
        if found.policy.port is None or found.value.get("useSourceIp") is not True or not all_tcp(found.ports):
            continue
        top = get(rule.manifest.spec, "trafficPolicy", "loadBalancer", "consistentHash", "useSourceIp")
        if top is not True:
            yield Problem(
                rule.manifest,
                found.at("useSourceIp"),
                f"useSourceIp is not read under portLevelSettings: {found.ports[0]}",
                "set it in the trafficPolicy of the DestinationRule, or of the subset",
            )
