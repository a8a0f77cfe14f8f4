"""Only calls from callers in ambient mode go through a waypoint: without such callers, naming one has no effect.

Sidecars bypass waypoints, and so do callers without a proxy. Most often the label istio.io/dataplane-mode is missing.
"""

from __future__ import annotations

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import NAMESPACE
from sailwright.lint.rule import Problem
from sailwright.mesh.objects.namespaces import Namespace
from sailwright.mesh.queries.pod_proxies import in_ambient_mode
from sailwright.mesh.queries.waypoints import named_waypoint
from sailwright.mesh.values.ambient import INGRESS_USE_WAYPOINT, USE_WAYPOINT
from sailwright.mesh.world import World

ID = "waypoint-without-ambient"
KIND = NAMESPACE
SEVERITY: Severity = "warning"
ALIASES: tuple[str, ...] = ("KIA1312",)

BAD = """
apiVersion: v1
kind: Namespace
metadata:
  name: shop
  labels:
    istio.io/use-waypoint: waypoint  # finding
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: cart, namespace: shop}
spec:
  template:
    metadata: {labels: {app: cart}}
    spec: {containers: [{name: cart, image: "example.com/cart:1.0"}]}
"""
GOOD = BAD.replace("waypoint  # finding", "waypoint\n    istio.io/dataplane-mode: ambient")


def check(namespace: Namespace, mesh: World) -> Iterator[Problem]:
    """Namespaces with workloads that are surely not in ambient mode, in a mesh where no workload and no namespace is."""
    own, index = namespace.labels or {}, mesh.index
    if namespace.manifest is None or named_waypoint(index, own, namespace.name) is None or INGRESS_USE_WAYPOINT in own:
        return
    here = any(each.namespace == namespace.name for each in index.each_workload())
    ambient = any(in_ambient_mode(index, each) is not False for each in index.each_workload())
    if here and not ambient and not any(each.ambient for each in index.namespaces.values()):
        yield Problem(
            namespace.manifest,
            ("metadata", "labels", USE_WAYPOINT),
            f"no call goes through the waypoint of namespace {namespace.name}: no workload is in ambient mode",
            "add the label istio.io/dataplane-mode: ambient, or remove this one",
        )
