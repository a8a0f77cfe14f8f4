"""What Istio's webhook refuses of an AuthorizationPolicy, and what it warns about."""

from sailwright_policies.webhook import WebhookRule

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
every workload of the namespace.
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
    good="""
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: reviews, namespace: shop}
spec:
  action: DENY
  rules:
    - to:
        - operation: {methods: [DELETE], ports: ["8080"]}
""",
)
