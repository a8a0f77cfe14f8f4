"""A hash on a header, cookie or query parameter cannot be computed on TCP: each connection goes to a random pod.

The cluster still becomes a hash ring, but a TCP proxy only knows the client's address. Without a hash the ring picks at
random, so the affinity that was asked for is lost without a word.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import DESTINATION_RULE
from sailwright.lint.rule import Problem
from sailwright.mesh.objects.routing import DestinationRule
from sailwright.mesh.queries.traffic_policies import settings_on_tcp
from sailwright.mesh.world import World

ID = "hash-needs-http"
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
    loadBalancer:
      consistentHash:
        httpHeaderName: x-user  # finding
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
    loadBalancer:
      consistentHash:
        useSourceIp: true
"""


def check(rule: DestinationRule, mesh: World) -> Iterator[Problem]:
    """Hash keys of HTTP in policies that govern TCP and TLS ports alone."""
    for found in settings_on_tcp(rule, mesh.index, "loadBalancer", "consistentHash"):
        for key in found.having("httpHeaderName", "httpCookie", "httpQueryParameterName"):
            yield Problem(
                rule.manifest,
                found.at(key),
                f"{key} hashes nothing, so connections go to random pods: {found.ports[0]}",
                "hash with useSourceIp: true, or declare the port as HTTP if it is",
                key=True,
            )
