"""A waypoint that no namespace, service or pod uses takes no calls: its routes and policies do nothing.

Reported only where the labels of the namespaces that may use it are known.
"""

from __future__ import annotations

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.diagnostics.suggestions import is_near
from sailwright.lint.kinds import KUBERNETES_GATEWAY
from sailwright.lint.rule import Problem
from sailwright.mesh.index import Index
from sailwright.mesh.queries.waypoints import admits, is_waypoint, named_waypoint
from sailwright.mesh.values import kinds
from sailwright.mesh.values.ambient import NO_WAYPOINT, WAYPOINT_FOR
from sailwright.mesh.world import World
from sailwright.source.manifest import Manifest
from sailwright.source.untyped import labels

ID = "waypoint-unused"
KIND = KUBERNETES_GATEWAY
SEVERITY: Severity = "warning"
ALIASES: tuple[str, ...] = ()

BAD = """
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {istio.io/dataplane-mode: ambient}}
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata:
  name: waypoint  # finding
  namespace: shop
spec: {gatewayClassName: istio-waypoint, listeners: [{name: mesh, port: 15008, protocol: HBONE}]}
"""
GOOD = BAD.replace("  # finding", "").replace("mode: ambient}", "mode: ambient, istio.io/use-waypoint: waypoint}")


def check(gateway: Manifest, mesh: World) -> Iterator[Problem]:
    """Waypoints that no label names, where no namespace of unknown labels may use them."""
    index = mesh.index
    namespace = index.namespace_of(gateway)
    if not is_waypoint(gateway) or labels(gateway.labels).get(WAYPOINT_FOR) == NO_WAYPOINT:
        return
    outsider = "any-other-namespace"
    known = index.namespace(namespace).declared and not admits(index, gateway, outsider)
    if known and not any(_is_for(label, namespace, gateway.name) for label in index.derived(_used)):
        yield Problem(
            gateway,
            ("metadata", "name"),
            f"no label of a namespace, service or pod names the waypoint {namespace}/{gateway.name}",
            f"add the label istio.io/use-waypoint: {gateway.name}, or remove the waypoint",
        )


def _is_for(named: tuple[str, str, bool], namespace: str, name: str) -> bool:
    """Whether a label names a waypoint, or was in all likelihood meant to: such a slip is the finding of `waypoint-unknown`."""
    there, called, exists = named
    return there == namespace and (called == name if exists else is_near(called, name))


def _used(index: Index) -> frozenset[tuple[str, str, bool]]:
    """The waypoints that are named, by namespace and name, and whether a file has their Gateway."""
    holders = [(name, found.labels or {}) for name, found in index.namespaces.items()]
    objects = index.of(kinds.SERVICE, kinds.SERVICE_ENTRY, kinds.WORKLOAD_ENTRY)
    holders += [(index.namespace_of(each), labels(each.labels)) for each in objects]
    holders += [(each.namespace, each.labels) for each in index.workloads]
    found = (named_waypoint(index, own, namespace) for namespace, own in holders)
    return frozenset((each.namespace, each.name, each.manifest is not None) for each in found if each is not None)
