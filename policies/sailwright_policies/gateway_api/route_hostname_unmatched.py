"""A host of a route that no listener of its Gateway accepts is never served there.

A listener takes the hosts that its `hostname` covers, and a route's wildcard takes those of the listener. Without `hostname` a
listener takes every host.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.diagnostics.suggestions import listed
from sailwright.lint.kinds import GATEWAY_API_ROUTE
from sailwright.lint.rule import Problem
from sailwright.mesh.queries.gateway_listeners import parent_gateways, selected
from sailwright.mesh.values.hosts import overlap
from sailwright.mesh.world import World
from sailwright.source.manifest import Manifest
from sailwright.source.untyped import items, text

ID = "route-hostname-unmatched"
KIND = GATEWAY_API_ROUTE
SEVERITY: Severity = "error"
ALIASES: tuple[str, ...] = ()

BAD = """
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: front, namespace: shop}
spec:
  parentRefs: [{name: public}]
  hostnames:
    - www.shop.example.com
    - books.example.com  # finding
  rules: [{backendRefs: [{name: front, port: 80}]}]
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: public, namespace: shop}
spec: {gatewayClassName: istio, listeners: [{name: http, hostname: "*.shop.example.com", port: 80, protocol: HTTP}]}
"""

GOOD = BAD.replace("books.example.com  # finding", "'*.shop.example.com'")


def check(route: Manifest, mesh: World) -> Iterator[Problem]:
    """The hostnames of a route whose parents are all Gateways of the input, or the mesh."""
    parents = list(parent_gateways(route, mesh.index))
    gateways = [each for each in items(route.spec.get("parentRefs")) if isinstance(each, dict)]
    outside = [each for each in gateways if each.get("kind", "Gateway") != "Service"]
    if not parents or len(parents) < len(outside):
        return
    listeners = [each for _, parent, _, found in parents for each in selected(parent, found)]
    wanted = [text(listener.get("hostname")).lower() for listener in listeners]
    if not listeners or "" in wanted:
        return
    for index, host in enumerate(items(route.spec.get("hostnames"))):
        if text(host) and not any(overlap(text(host).lower(), hostname) for hostname in wanted):
            yield Problem(
                route,
                ("spec", "hostnames", index),
                f"no listener of its Gateways takes `{host}`: they take {listed(dict.fromkeys(wanted), 'and')}",
                "add a listener for the host, or correct it",
                related=((parents[0][2], ("spec", "listeners"), "the listeners"),),
            )
