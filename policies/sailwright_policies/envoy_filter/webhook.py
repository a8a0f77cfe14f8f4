"""What Istio's webhook refuses of an EnvoyFilter, and what it warns about."""

from sailwright_policies.webhook import WebhookRule

ENVOY_FILTER_REFUSED = WebhookRule(
    __name__,
    "EnvoyFilter",
    "envoy-filter-refused",
    "error",
    ("IST0106",),
    page="""An EnvoyFilter that Istio's webhook refuses is never applied.

istiod checks that applyTo, match, operation and value go together, and that regular expressions are RE2.
""",
    bad="""
apiVersion: networking.istio.io/v1alpha3
kind: EnvoyFilter
metadata: {name: reviews, namespace: shop}
spec:
  configPatches:
    - applyTo: CLUSTER
      patch:  # finding
        operation: MERGE
""",
    good="""
apiVersion: networking.istio.io/v1alpha3
kind: EnvoyFilter
metadata: {name: reviews, namespace: shop}
spec:
  configPatches:
    - applyTo: CLUSTER
      patch:
        operation: MERGE
        value: {connect_timeout: 5s}
""",
)

ENVOY_FILTER_DOUBTFUL = WebhookRule(
    __name__,
    "EnvoyFilter",
    "envoy-filter-doubtful",
    "warning",
    ("IST0133",),
    page="""Istio takes this EnvoyFilter and warns: a filter is named without its type, by a retired name, or with a field Envoy does not have.

Envoy no longer finds a filter by its name alone, and ignores fields it does not know. Every EnvoyFilter is reported as well, as
Istio does: it reaches into Envoy's internals, which change at any upgrade.
""",
    bad="""
apiVersion: networking.istio.io/v1alpha3  # finding
kind: EnvoyFilter
metadata: {name: reviews, namespace: shop}
spec:
  configPatches:
    - applyTo: HTTP_FILTER
      patch:
        operation: INSERT_FIRST
        value: {name: envoy.filters.http.lua}  # finding
""",
    good="""
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: {name: reviews, namespace: shop}
spec:
  egress:
    - hosts: ["./*"]
""",
)
