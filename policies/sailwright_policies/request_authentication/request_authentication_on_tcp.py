"""A token cannot be checked on a TCP port: RequestAuthentication protects nothing there.

Tokens travel in HTTP requests, and on a TCP or TLS port the proxy sees none.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.rule import Problem
from sailwright.mesh.queries.traffic_policies import tcp_only
from sailwright.mesh.values import kinds
from sailwright.mesh.world import World
from sailwright.source.untyped import get, labels

ID = "request-authentication-on-tcp"
SEVERITY: Severity = "warning"
ALIASES: tuple[str, ...] = ()

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


def check(world: World) -> Iterator[Problem]:
    """RequestAuthentications that select workloads with TCP ports alone."""
    for manifest in world.index.of(kinds.REQUEST_AUTHENTICATION):
        selector = labels(get(manifest.spec, "selector", "matchLabels"))
        if not selector:
            continue
        reason = tcp_only(world.index.services_behind(selector, world.index.namespace_of(manifest)))
        if reason:
            yield Problem(
                manifest,
                ("spec", "selector"),
                f"no request is checked: {reason}",
                "remove it, or declare the port as HTTP if it is",
                key=True,
            )
