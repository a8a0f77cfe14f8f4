"""A token cannot be checked on a TCP port: RequestAuthentication protects nothing there.

Tokens travel in HTTP requests, and on a TCP or TLS port the proxy sees none.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import REQUEST_AUTHENTICATION
from sailwright.lint.rule import Problem
from sailwright.mesh.objects.selectors import match_labels
from sailwright.mesh.queries.traffic_policies import tcp_governed
from sailwright.mesh.world import World
from sailwright.source.manifest import Manifest

ID = "request-authentication-on-tcp"
KIND = REQUEST_AUTHENTICATION
SEVERITY: Severity = "warning"
ALIASES: tuple[str, ...] = ()
REPLACES = ("token-not-required",)

BAD = """
apiVersion: v1
kind: Service
metadata: {name: mysql, namespace: shop}
spec: {selector: {app: mysql}, ports: [{name: mysql, port: 3306}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: mysql, namespace: shop}
spec:
  template:
    metadata: {labels: {app: mysql}}
---
apiVersion: security.istio.io/v1
kind: RequestAuthentication
metadata: {name: mysql, namespace: shop}
spec:
  selector:  # finding
    matchLabels: {app: mysql}
  jwtRules: [{issuer: https://id.example.com}]
"""

GOOD = """
apiVersion: v1
kind: Service
metadata: {name: orders, namespace: shop}
spec: {selector: {app: orders}, ports: [{name: http, port: 80}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: orders, namespace: shop}
spec:
  template:
    metadata: {labels: {app: orders}}
---
apiVersion: security.istio.io/v1
kind: RequestAuthentication
metadata: {name: orders, namespace: shop}
spec:
  selector:
    matchLabels: {app: orders}
  jwtRules: [{issuer: https://id.example.com}]
"""


def check(policy: Manifest, mesh: World) -> Iterator[Problem]:
    """A RequestAuthentication for workloads with TCP ports alone: those it selects, or all of its namespace."""
    if policy.spec.get("targetRefs") or policy.spec.get("targetRef"):
        return
    selector = match_labels(policy)
    reason = tcp_governed(mesh.index, selector, mesh.index.namespace_of(policy))
    if reason:
        yield Problem(
            policy,
            ("spec", "selector") if selector else ("spec", "jwtRules"),
            f"no request is checked: {reason}",
            "remove it, or declare the port as HTTP if it is",
            key=True,
        )
