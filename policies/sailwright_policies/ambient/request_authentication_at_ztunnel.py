"""ztunnel checks no tokens: a RequestAuthentication that selects pods in ambient mode does nothing.

Tokens are in HTTP requests, which only a waypoint sees. A waypoint enforces RequestAuthentications whose `targetRefs` name it or the
service, and ignores those with a selector.
"""

from __future__ import annotations

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import REQUEST_AUTHENTICATION
from sailwright.lint.rule import Problem
from sailwright.mesh.objects.selectors import match_labels
from sailwright.mesh.queries.waypoints import guarded_pods, target_references
from sailwright.mesh.world import World
from sailwright.source.manifest import Manifest

ID = "request-authentication-at-ztunnel"
KIND = REQUEST_AUTHENTICATION
SEVERITY: Severity = "error"
ALIASES: tuple[str, ...] = ("KIA1110", "KIA1115")
REPLACES = ("token-not-required",)

BAD = """
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {istio.io/dataplane-mode: ambient}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: cart, namespace: shop}
spec:
  template:
    metadata: {labels: {app: cart}}
    spec: {containers: [{name: cart, image: "example.com/cart:1.0"}]}
---
apiVersion: security.istio.io/v1
kind: RequestAuthentication
metadata: {name: cart, namespace: shop}
spec:
  selector:  # finding
    matchLabels: {app: cart}
  jwtRules: [{issuer: "https://id.example.com", jwksUri: "https://id.example.com/keys"}]
"""
GOOD = (
    BAD.replace(
        "  selector:  # finding\n    matchLabels: {app: cart}\n",
        '  targetRefs: [{kind: Service, group: "", name: cart}]\n',
    ),
    BAD.replace("  # finding", "").replace("istio.io/dataplane-mode: ambient", "istio-injection: enabled"),
)


def check(policy: Manifest, mesh: World) -> Iterator[Problem]:
    """RequestAuthentications without `targetRefs` for workloads that are surely in ambient mode; those of the mesh are for gateways too."""
    index = mesh.index
    selector = match_labels(policy)
    everywhere = index.namespace_of(policy) == index.mesh.root_namespace and not selector
    pods = () if target_references(policy) or everywhere else guarded_pods(index, policy)
    if pods and all(pod in pods for pod in index.selected(selector, index.namespace_of(policy))):
        yield Problem(
            policy,
            ("spec", "selector") if selector else ("spec", "jwtRules"),
            f"no token is checked: {pods[0].kind} {pods[0].name} is in ambient mode, and ztunnel sees no requests",
            "give the service a waypoint, and name the service or the waypoint in `targetRefs`",
            key=True,
        )
