"""What Istio's webhook refuses of a DestinationRule, and what it warns about."""

from sailwright_policies.webhook import WebhookRule

DESTINATION_RULE_REFUSED = WebhookRule(
    __name__,
    "DestinationRule",
    "destination-rule-refused",
    "error",
    ("IST0106",),
    page="""A DestinationRule that Istio's webhook refuses is never applied: its subsets do not exist, and routes to them answer 503.

istiod checks the host, subset names and labels, and every block of a traffic policy: durations, limits, locality weights, TLS
files that belong together.
""",
    bad="""
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: reviews, namespace: shop}
spec:
  host: reviews
  trafficPolicy:
    tls:  # finding (2)
      mode: MUTUAL
  subsets:
    - name: v1.2  # finding
      labels: {version: v1}
""",
    good="""
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: reviews, namespace: shop}
spec:
  host: reviews
  trafficPolicy:
    tls:
      mode: ISTIO_MUTUAL
  subsets:
    - name: v1-2
      labels: {version: v1}
""",
)

DESTINATION_RULE_DOUBTFUL = WebhookRule(
    __name__,
    "DestinationRule",
    "destination-rule-doubtful",
    "warning",
    ("IST0133",),
    page="""Istio takes this DestinationRule and warns: a setting is no longer read, or cannot work without another.

Istio drops the warnings of a subset and of a single port; they are reported here all the same.
""",
    bad="""
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: reviews, namespace: shop}
spec:
  host: reviews
  trafficPolicy:
    outlierDetection:
      consecutiveErrors: 5  # finding
      interval: 10s
""",
    good="""
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: reviews, namespace: shop}
spec:
  host: reviews
  trafficPolicy:
    outlierDetection:
      consecutive5xxErrors: 5
      interval: 10s
""",
)
