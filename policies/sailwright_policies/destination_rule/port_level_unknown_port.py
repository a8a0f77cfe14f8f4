"""Port level settings for a port that the service does not have are never used.

Istio compares with the port of the Service, not with its targetPort: 9080 of the pod behind port 80 is 80 here.
"""

from collections.abc import Iterator, Mapping

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import DESTINATION_RULE
from sailwright.lint.rule import Problem
from sailwright.mesh.objects.routing import DestinationRule
from sailwright.mesh.objects.services import Port
from sailwright.mesh.world import World

ID = "port-level-unknown-port"
KIND = DESTINATION_RULE
SEVERITY: Severity = "warning"
ALIASES: tuple[str, ...] = ()

BAD = """
apiVersion: v1
kind: Service
metadata: {name: reviews, namespace: shop}
spec: {selector: {app: reviews}, ports: [{name: http, port: 80, targetPort: 9080}]}
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: reviews, namespace: shop}
spec:
  host: reviews
  trafficPolicy:
    portLevelSettings:
      - port: {number: 9080}  # finding
        loadBalancer: {simple: RANDOM}
"""

GOOD = """
apiVersion: v1
kind: Service
metadata: {name: reviews, namespace: shop}
spec: {selector: {app: reviews}, ports: [{name: http, port: 80, targetPort: 9080}]}
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: reviews, namespace: shop}
spec:
  host: reviews
  trafficPolicy:
    portLevelSettings:
      - port: {number: 80}
        loadBalancer: {simple: RANDOM}
"""


def check(rule: DestinationRule, mesh: World) -> Iterator[Problem]:
    """Ports of port level settings against the ports of the host's services."""
    services = mesh.index.registry.hosts.get(rule.host, ())
    ports = {port.number: port for service in services for port in service.ports}
    if not ports:
        return
    for policy in rule.policies:
        if policy.port and policy.port not in ports:
            yield Problem(
                rule.manifest,
                policy.at("port", "number"),
                f"{rule.host} has no port {policy.port}: these settings are never used",
                _remedy(policy.port, ports),
            )


def _remedy(wanted: int, ports: Mapping[int, Port]) -> str:
    behind = next((port.number for port in ports.values() if port.target == wanted), None)
    if behind is not None:
        return f"{wanted} is a targetPort: write the Service's port, {behind}"
    return f"use one of its ports: {', '.join(str(number) for number in sorted(ports))}"
