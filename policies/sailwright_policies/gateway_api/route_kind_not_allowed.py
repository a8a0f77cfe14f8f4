"""A route of a kind that no listener of its Gateway accepts is not served; only its status in the cluster shows it.

A listener takes the kinds of its protocol (HTTP and HTTPS: HTTPRoute and GRPCRoute; TCP: TCPRoute; TLS with mode Passthrough: TLSRoute), or of these
the ones that `allowedRoutes.kinds` names. The status of the route has `Accepted` False, `NotAllowedByListeners`.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import objects
from sailwright.lint.rule import Problem
from sailwright.mesh.pilot.gateway_api.conditions import GATEWAY
from sailwright.mesh.queries.absence import no_object
from sailwright.mesh.queries.push_context import gateway_api_statuses
from sailwright.mesh.values import kinds
from sailwright.mesh.world import World
from sailwright.source.manifest import Manifest
from sailwright.source.placeholders import has_placeholder
from sailwright.source.untyped import entries, text

ID = "route-kind-not-allowed"
KIND = objects(kinds.HTTP_ROUTE, kinds.GRPC_ROUTE, kinds.TCP_ROUTE)
SEVERITY: Severity = "error"
ALIASES: tuple[str, ...] = ()

BAD = """
apiVersion: gateway.networking.k8s.io/v1
kind: GRPCRoute
metadata: {name: front, namespace: shop}
spec:
  parentRefs:
    - name: public  # finding
  rules: [{backendRefs: [{name: front, port: 80}]}]
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: public, namespace: shop}
spec:
  gatewayClassName: istio
  listeners: [{name: http, port: 80, protocol: HTTP, allowedRoutes: {kinds: [{kind: HTTPRoute}]}}]
"""
GOOD = BAD.replace("  # finding", "").replace("[{kind: HTTPRoute}]", "[{kind: HTTPRoute}, {kind: GRPCRoute}]")


def check(route: Manifest, mesh: World) -> Iterator[Problem]:
    """The parentRefs that name Gateways of Istio's in the repository. Which TLSRoutes are taken depends on the release."""
    index = mesh.index
    status = index.derived(gateway_api_statuses).get(route)
    for parent in status.parents if status else ():
        gateway = index.find(kinds.KUBERNETES_GATEWAY, parent.namespace, parent.name)
        if parent.kind != GATEWAY or gateway is None or not _known(gateway):
            continue
        for condition in parent.unmet:
            if condition.about == "kind":
                yield Problem(
                    route,
                    (*parent.path, "name"),
                    f"{parent.title} does not accept it ({condition.reason}): {condition.message}",
                    "allow the kind in allowedRoutes.kinds of a listener whose protocol takes it",
                    related=((gateway, ("spec", "listeners"), "its listeners"),),
                    absent=no_object(kinds.KUBERNETES_GATEWAY, parent.namespace, parent.name),
                )


def _known(gateway: Manifest) -> bool:
    """Whether the listeners are all there are, and nothing in them is filled in later."""
    listeners = [listener for _, listener in entries(gateway.spec.get("listeners"), ())]
    protocols = [text(listener.get("protocol")) for listener in listeners]
    return not gateway.spec.get("allowedListeners") and not any(map(has_placeholder, protocols))
