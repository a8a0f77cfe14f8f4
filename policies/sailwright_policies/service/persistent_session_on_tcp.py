"""A persistent session needs cookies or headers: on a TCP port the label does nothing.

`istio.io/persistent-session` on a Service adds an HTTP filter, and a TCP or TLS port has no HTTP filters.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import SERVICE
from sailwright.lint.rule import Problem
from sailwright.mesh.objects.services import Service
from sailwright.mesh.world import World

ID = "persistent-session-on-tcp"
KIND = SERVICE
SEVERITY: Severity = "warning"
ALIASES: tuple[str, ...] = ()

BAD = """
apiVersion: v1
kind: Service
metadata:
  name: orders
  namespace: shop
  labels:
    istio.io/persistent-session: session  # finding
spec: {selector: {app: orders}, ports: [{name: tcp, port: 9000}]}
"""

GOOD = """
apiVersion: v1
kind: Service
metadata:
  name: orders
  namespace: shop
  labels:
    istio.io/persistent-session: session
spec: {selector: {app: orders}, ports: [{name: http, port: 9000}]}
"""

LABELS = ("istio.io/persistent-session", "istio.io/persistent-session-header")


def check(service: Service, _: World) -> Iterator[Problem]:
    """Services with the label and TCP ports alone."""
    for label in LABELS:
        if label in service.manifest.labels and service.ports and all(port.protocol.is_tcp for port in service.ports):
            port = service.ports[0]
            yield Problem(
                service.manifest,
                ("metadata", "labels", label),
                f"{label} has no effect: port {port.number} is {port.protocol.name}: {port.protocol.reason}",
                "remove the label; for TCP, consistentHash.useSourceIp in a DestinationRule keeps clients on one pod",
            )
