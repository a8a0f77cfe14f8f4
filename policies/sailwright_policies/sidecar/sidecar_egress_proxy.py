"""`outboundTrafficPolicy.egressProxy` is ignored: requests to unknown hosts do not take the way that is written there.

Istio reads the field no more. Route such hosts through the egress gateway with a ServiceEntry and a VirtualService.
"""

from __future__ import annotations

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import SIDECAR
from sailwright.lint.rule import Problem
from sailwright.mesh.objects.sidecars import Sidecar
from sailwright.mesh.world import World
from sailwright.source.untyped import get

ID = "sidecar-egress-proxy"
KIND = SIDECAR
SEVERITY: Severity = "warning"
ALIASES = ("IST0002",)
BAD = """
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: {name: default, namespace: shop}
spec:
  outboundTrafficPolicy:
    mode: ALLOW_ANY
    egressProxy: {host: egress.shop.svc.cluster.local, port: {number: 80}}  # finding
"""
GOOD = BAD.replace("    egressProxy: {host: egress.shop.svc.cluster.local, port: {number: 80}}  # finding\n", "")


def check(sidecar: Sidecar, _: World) -> Iterator[Problem]:
    """Look for the field."""
    place = ("spec", "outboundTrafficPolicy", "egressProxy")
    if get(sidecar.manifest.value, *place) is not None:
        remedy = "remove it; route through the egress gateway with a VirtualService"
        yield Problem(sidecar.manifest, place, "outboundTrafficPolicy.egressProxy is ignored", remedy, key=True)
