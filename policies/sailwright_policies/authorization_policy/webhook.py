"""What Istio's webhook refuses of an AuthorizationPolicy, and what it warns about."""

from sailwright.diagnostics.finding import Path
from sailwright.mesh.objects.selectors import match_labels
from sailwright.mesh.world import World
from sailwright.source.manifest import Manifest
from sailwright_policies.webhook import WebhookRule


def _http_alone(policy: Manifest, path: Path, mesh: World) -> bool:
    """Whether a rule of a policy is for pods of which every port is HTTP: behind each is a Service, and it says so."""
    index, selector = mesh.index, match_labels(policy)
    if path[:2] != ("spec", "rules") or not selector:
        return False
    pods = index.selected(selector, index.namespace_of(policy))
    services = [index.services_of(pod) for pod in pods]
    return (
        all(services)
        and bool(pods)
        and all(port.protocol.is_http for found in services for service in found for port in service.ports)
    )


AUTHORIZATION_POLICY_REFUSED = WebhookRule(
    __name__,
    "AuthorizationPolicy",
    "authorization-policy-refused",
    "error",
    ("IST0106",),
    page="""An AuthorizationPolicy that Istio's webhook refuses is never applied: what it should deny stays allowed.

istiod checks that rules are not empty, that addresses, ports, paths and attributes can be read, and which fields each action may use.
""",
    bad="""
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: reviews, namespace: shop}
spec:
  action: DENY
  rules:
    - from:
        - source:
            ipBlocks: [10.0.0.0/33]  # finding
""",
    good="""
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: reviews, namespace: shop}
spec:
  action: DENY
  rules:
    - from:
        - source:
            ipBlocks: [10.0.0.0/24]
""",
)

AUTHORIZATION_POLICY_DOUBTFUL = WebhookRule(
    __name__,
    "AuthorizationPolicy",
    "authorization-policy-doubtful",
    "warning",
    ("IST0133",),
    page="""Istio takes this AuthorizationPolicy and warns: it is wider than it looks.

A DENY rule with HTTP conditions alone denies everything on TCP ports, where they cannot be read. A selector without labels is for
every workload of the namespace. Where all ports of the selected pods are HTTP, as their Services say, the first is no matter.
""",
    bad="""
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: reviews, namespace: shop}
spec:
  action: DENY
  rules:
    - to:  # finding
        - operation: {methods: [DELETE]}
""",
    good=(
        """
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: reviews, namespace: shop}
spec:
  action: DENY
  rules:
    - to:
        - operation: {methods: [DELETE], ports: ["8080"]}
""",
        """
apiVersion: v1
kind: Service
metadata: {name: reviews, namespace: shop}
spec: {selector: {app: reviews}, ports: [{name: http, port: 80, targetPort: 8080}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: reviews, namespace: shop}
spec: {template: {metadata: {labels: {app: reviews}}}}
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: reviews, namespace: shop}
spec:
  action: DENY
  selector: {matchLabels: {app: reviews}}
  rules:
    - to:
        - operation: {methods: [DELETE]}
""",
    ),
    unless=_http_alone,
)
