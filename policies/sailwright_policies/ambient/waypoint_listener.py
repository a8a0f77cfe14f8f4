"""ztunnel speaks HBONE to port 15008 of a waypoint, and to nothing else.

Istio makes the proxy of a waypoint for that listener alone; another port or protocol takes no calls of the mesh.
"""

from __future__ import annotations

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import KUBERNETES_GATEWAY
from sailwright.lint.rule import Problem
from sailwright.mesh.values.ambient import HBONE_PORT, WAYPOINT_CLASS
from sailwright.mesh.world import World
from sailwright.source.manifest import Manifest
from sailwright.source.untyped import entries

ID = "waypoint-listener"
KIND = KUBERNETES_GATEWAY
SEVERITY: Severity = "error"
ALIASES: tuple[str, ...] = ()

BAD = """
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: waypoint, namespace: shop}
spec:
  gatewayClassName: istio-waypoint
  listeners:
    - name: mesh
      port: 15008
      protocol: HTTP  # finding
"""
GOOD = BAD.replace("HTTP  # finding", "HBONE")


def check(gateway: Manifest, _: World) -> Iterator[Problem]:
    """The listeners of a Gateway of the class istio-waypoint, where none is the one that ztunnel dials."""
    if gateway.spec.get("gatewayClassName") != WAYPOINT_CLASS:
        return
    listeners = list(entries(gateway.spec.get("listeners"), ("spec", "listeners")))
    if any((found.get("port"), found.get("protocol")) == (HBONE_PORT, "HBONE") for _, found in listeners):
        return
    for path, listener in listeners[:1]:
        key = "port" if listener.get("protocol") == "HBONE" else "protocol"
        said = f"{listener.get('protocol')} on port {listener.get('port')}"
        yield Problem(
            gateway,
            (*path, key),
            f"ztunnel calls a waypoint by HBONE on port {HBONE_PORT}, not by {said}",
            f"write `port: {HBONE_PORT}` and `protocol: HBONE`",
        )
