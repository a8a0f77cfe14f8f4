"""Weights of backends are shares of their sum, and a missing weight counts as 1.

With 90 for one backend and nothing for the other, the other gets one request of 91. Where all weights are 0, every request is
answered with 500.
"""

from __future__ import annotations

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import HTTP_OR_GRPC_ROUTE
from sailwright.lint.rule import Problem
from sailwright.mesh.world import World
from sailwright.source.manifest import Manifest
from sailwright.source.untyped import entries

ID = "route-backend-weight"
KIND = HTTP_OR_GRPC_ROUTE
SEVERITY: Severity = "warning"
ALIASES: tuple[str, ...] = ()

BAD = """
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: front, namespace: shop}
spec:
  parentRefs: [{name: public}]
  rules:
    - backendRefs:
        - {name: front-v1, port: 80, weight: 90}
        - {name: front-v2, port: 80}  # finding
    - matches: [{path: {value: /old}}]
      backendRefs:  # finding
        - {name: front-v1, port: 80, weight: 0}
"""
GOOD = """
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: front, namespace: shop}
spec:
  parentRefs: [{name: public}]
  rules:
    - backendRefs:
        - {name: front-v1, port: 80, weight: 90}
        - {name: front-v2, port: 80, weight: 10}
    - matches: [{path: {value: /old}}]
      backendRefs: [{name: front-v1, port: 80}, {name: front-v2, port: 80, weight: 0}]
"""


def check(route: Manifest, _: World) -> Iterator[Problem]:
    """The backends of each rule: a weight above 1 beside none at all, and weights that are all 0."""
    for rule_path, rule in entries(route.spec.get("rules"), ("spec", "rules")):
        backends = list(entries(rule.get("backendRefs"), (*rule_path, "backendRefs")))
        weights = [found.get("weight") for _, found in backends]
        total = sum(weight if isinstance(weight, int) else 1 for weight in weights)
        if backends and total == 0:
            path = (*rule_path, "backendRefs")
            message = "all weights are 0: every request is answered with 500"
            yield Problem(
                route, path, message, "give a backend a weight, or remove the rule", key=True, severity="error"
            )
        elif any(isinstance(weight, int) and weight > 1 for weight in weights):
            for path, backend in backends:
                if backend.get("weight") is None:
                    share = f"{100 / total:.2g} % of the requests"
                    message = f"backend {backend.get('name')} has no weight, which counts as 1: it gets {share}"
                    yield Problem(route, path, message, "write its weight")
