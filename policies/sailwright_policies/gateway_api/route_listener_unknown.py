"""A route that names a listener which its Gateway does not have is attached to nothing: it gets no requests.

`sectionName` is the name of a listener, `port` its port. A route that names neither is for all listeners that accept its hosts.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.diagnostics.suggestions import did_you_mean, listed
from sailwright.lint.kinds import GATEWAY_API_ROUTE
from sailwright.lint.rule import Problem
from sailwright.mesh.queries.gateway_listeners import parent_gateways, selected
from sailwright.mesh.world import World
from sailwright.source.manifest import Manifest
from sailwright.source.placeholders import has_placeholder
from sailwright.source.untyped import number, text

ID = "route-listener-unknown"
KIND = GATEWAY_API_ROUTE
SEVERITY: Severity = "error"
ALIASES: tuple[str, ...] = ()

BAD = """
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: front, namespace: shop}
spec:
  parentRefs:
    - name: public
      sectionName: htps  # finding
  rules: [{backendRefs: [{name: front, port: 80}]}]
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: public, namespace: shop}
spec: {gatewayClassName: istio, listeners: [{name: http, port: 80, protocol: HTTP}]}
"""

GOOD = BAD.replace("htps  # finding", "http")


def check(route: Manifest, mesh: World) -> Iterator[Problem]:
    """Parents that are Gateways of the input, and mean none of their listeners."""
    for path, parent, gateway, listeners in parent_gateways(route, mesh.index):
        names = [text(listener.get("name")) for listener in listeners]
        section = text(parent.get("sectionName"))
        if selected(parent, listeners) or any(map(has_placeholder, (section, *names))):
            continue
        title = f"Gateway {mesh.index.namespace_of(gateway)}/{gateway.name}"
        if section and section not in names:
            remedy = did_you_mean(section, names, f"its listeners are {listed(names, 'and')}")
            yield Problem(route, (*path, "sectionName"), f"{title} has no listener `{section}`", remedy)
        elif isinstance(parent.get("port"), int):
            ports = sorted({number(each.get("port")) for each in listeners if section in ("", each.get("name"))})
            which = f"listener `{section}` of {title}" if section else title
            message = f"{which} has no port {parent['port']}"
            yield Problem(route, (*path, "port"), message, f"write {listed(map(str, ports))}, or leave `port` out")
