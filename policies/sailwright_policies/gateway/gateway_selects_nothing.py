"""A Gateway whose selector matches no gateway pods is served by nobody.

The gateway's pods usually belong to another repository. So this is reported only where the repository holds workloads
that are gateways (they carry the selector's label keys) and none of them matches.
"""

from __future__ import annotations

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.rule import Problem
from sailwright.mesh.index import Index
from sailwright.mesh.objects.routing import Gateway
from sailwright.mesh.objects.selectors import selector_text
from sailwright.mesh.queries.istioctl_compat import near_selectors, shown
from sailwright.mesh.world import World

ID = "gateway-selects-nothing"
SEVERITY: Severity = "error"
ALIASES = ("IST0101", "KIA0302")
BAD = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: public, namespace: ingress}
spec: {template: {metadata: {labels: {istio: public-gateway}}}}
---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: public, namespace: ingress}
spec:
  selector:
    istio: public  # finding
  servers: [{port: {number: 80, name: http, protocol: HTTP}, hosts: ["*"]}]
"""
GOOD = BAD.replace("istio: public  # finding", "istio: public-gateway")


def check(world: World) -> Iterator[Problem]:
    """Look for pods of each Gateway."""
    index = world.index
    near = near_selectors(index) if index.facts.compat else {}
    keys: dict[str, set[frozenset[str]]] = {}
    for workload in index.workloads:
        keys.setdefault(workload.namespace, set()).add(frozenset(workload.labels))
    for gateway in index.gateways.values():
        labels = selector_text(gateway.selector)
        place = shown(gateway.manifest, "spec", "selector", min(gateway.selector, default=""))
        if index.facts.compat:
            for asking in _asking(index, gateway, near[gateway.full_name]):
                yield Problem(gateway.manifest, place, f"{asking}: no pod has {labels}")
        elif not index.selected(gateway.selector) and any(
            gateway.selector.keys() <= found for found in keys.get(gateway.namespace, ())
        ):
            help_ = "write the labels of the gateway's pod template"
            yield Problem(gateway.manifest, place, f"no workload has the labels {labels}", help_)


def _asking(index: Index, gateway: Gateway, near: tuple[str, ...]) -> Iterator[str]:
    """The checks of the analyzers that find no pods of a Gateway, each with a message of its own.

    The credential check looks for the namespace of the first pod, which a file may leave out. The conflict check takes
    selectors from the Gateways with servers, and so misses a Gateway without any.
    """
    pods = index.selected(gateway.selector)
    if not pods:
        yield "gateway ports"
    if not pods or not pods[0].namespace:
        yield "gateway credentials"
    if gateway.selector and not near:
        yield "gateway conflicts"
