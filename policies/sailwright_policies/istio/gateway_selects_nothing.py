"""A Gateway whose selector matches no gateway pods is served by nobody.

The gateway's pods usually belong to another repository. So this is reported only where the repository holds workloads
that are gateways (they carry the selector's label keys) and none of them matches.
"""

from __future__ import annotations

from collections.abc import Iterator

from sailwright.finding import Severity
from sailwright.mesh.analysis import shown
from sailwright.mesh.index import Index
from sailwright.mesh.routing import Gateway
from sailwright.mesh.selectors import selector_text
from sailwright.mesh.world import World
from sailwright.rule import Problem

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
    for gateway in index.gateways.values():
        if index.selected(gateway.selector):
            continue
        first = min(gateway.selector, default="")
        place = shown(gateway.manifest, "spec", "selector", first)
        if index.facts.compat:
            for asking in _asking(index, gateway):
                yield Problem(gateway.manifest, place, f"{asking}: no pod has {selector_text(gateway.selector)}")
        elif any(
            gateway.selector.keys() <= workload.labels.keys() for workload in index.selected({}, gateway.namespace)
        ):
            message = f"no workload has the labels {selector_text(gateway.selector)}"
            yield Problem(gateway.manifest, place, message, "write the labels of the gateway's pod template")


def _asking(index: Index, gateway: Gateway) -> Iterator[str]:
    """The checks of the analyzers that look for the pods of a Gateway, each with a message of its own."""
    yield "gateway ports"
    yield "gateway credentials"
    if gateway.selector and not gateway.servers and not _selector_of_servers(index, gateway):
        yield "gateway conflicts"


def _selector_of_servers(index: Index, gateway: Gateway) -> bool:
    """Whether a Gateway with servers has the same selector: the conflict check knows no other Gateways."""
    return any(other.servers and other.selector == gateway.selector for other in index.gateways.values())
