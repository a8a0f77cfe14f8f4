"""A Gateway whose selector matches no gateway pods is not served by any proxy.

The gateway's pods usually belong to another repository. So this is reported only where the repository holds workloads
that are gateways (they carry the selector's label keys), none of them matches, and one of them was in all likelihood meant.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import GATEWAY
from sailwright.lint.rule import Problem
from sailwright.mesh.index import Index
from sailwright.mesh.objects.routing import Gateway
from sailwright.mesh.objects.selectors import selector_text
from sailwright.mesh.queries.absence import no_pods
from sailwright.mesh.queries.possible_pods import may_select
from sailwright.mesh.world import World
from sailwright_policies import istioctl_analyzers

ID = "gateway-selects-nothing"
KIND = GATEWAY
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


COMPAT = istioctl_analyzers.GATEWAY_SELECTOR


def check(gateway: Gateway, mesh: World) -> Iterator[Problem]:
    """Look for pods of each Gateway."""
    index = mesh.index
    keys = index.derived(_label_keys).get(gateway.namespace, frozenset())
    if not may_select(index, gateway.selector) and any(gateway.selector.keys() <= found for found in keys):
        message = f"no workload has the labels {selector_text(gateway.selector)}"
        place = ("spec", "selector", min(gateway.selector)) if gateway.selector else ()
        yield Problem(
            gateway.manifest,
            place,
            message,
            "write the labels of the gateway's pod template",
            absent=no_pods(gateway.selector, gateway.namespace),
        )


def _label_keys(index: Index) -> Mapping[str, Collection[frozenset[str]]]:
    """The keys of the labels of each gateway workload, by namespace: one whose pods run the proxy alone."""
    found: dict[str, set[frozenset[str]]] = {}
    for workload in index.each_workload():
        if workload.applications:
            continue  # an application, whatever labels it shares with gateways
        found.setdefault(workload.namespace, set()).add(frozenset(workload.labels))
    return found
