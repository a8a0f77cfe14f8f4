"""What Istio's webhook refuses of a Telemetry, and what it warns about."""

from sailwright_policies.webhook import WebhookRule

TELEMETRY_REFUSED = WebhookRule(
    __name__,
    "Telemetry",
    "telemetry-refused",
    "error",
    ("IST0106",),
    page="""A Telemetry object that Istio's webhook refuses is never applied: metrics, traces and access logs stay as they were.

istiod checks providers, sampling, tags, and that a filter is a CEL expression.
""",
    bad="""
apiVersion: telemetry.istio.io/v1
kind: Telemetry
metadata: {name: reviews, namespace: shop}
spec:
  accessLogging:
    - filter:  # finding
        expression: "response.code >="
""",
    good="""
apiVersion: telemetry.istio.io/v1
kind: Telemetry
metadata: {name: reviews, namespace: shop}
spec:
  accessLogging:
    - filter:
        expression: "response.code >= 400"
""",
)

TELEMETRY_DOUBTFUL = WebhookRule(
    __name__,
    "Telemetry",
    "telemetry-doubtful",
    "warning",
    ("IST0133",),
    page="""Istio takes this Telemetry object and warns: part of it is not used, or it is wider than it looks.

Of several tracing entries or tracing providers the first is used. A selector without labels is for the whole namespace.
""",
    bad="""
apiVersion: telemetry.istio.io/v1
kind: Telemetry
metadata: {name: reviews, namespace: shop}
spec:
  tracing:
    - providers: [{name: zipkin}, {name: otel}]  # finding
""",
    good="""
apiVersion: telemetry.istio.io/v1
kind: Telemetry
metadata: {name: reviews, namespace: shop}
spec:
  tracing:
    - providers: [{name: otel}]
""",
)
