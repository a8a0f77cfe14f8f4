"""What Istio's webhook refuses of a Sidecar, and what it warns about."""

from sailwright_policies.webhook import WebhookRule

SIDECAR_REFUSED = WebhookRule(
    __name__,
    "Sidecar",
    "sidecar-refused",
    "error",
    ("IST0106",),
    page="""A Sidecar that Istio's webhook refuses is never applied: its proxies keep the configuration of the whole mesh.

istiod checks listeners, their order, ports and binds, and that egress hosts have the form namespace/host.
""",
    bad="""
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: {name: reviews, namespace: shop}
spec:
  egress:
    - hosts:
        - api.example.com  # finding
""",
    good="""
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: {name: reviews, namespace: shop}
spec:
  egress:
    - hosts:
        - shop/api.example.com
""",
)

SIDECAR_DOUBTFUL = WebhookRule(
    __name__,
    "Sidecar",
    "sidecar-doubtful",
    "warning",
    ("IST0133",),
    page="""Istio takes this Sidecar and warns: it selects more, or allows no less, than it says.

A workloadSelector without labels is for the whole namespace; a host that another entry covers changes nothing.
""",
    bad="""
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: {name: reviews, namespace: shop}
spec:
  workloadSelector: {}  # finding
  egress:
    - hosts: ["./*"]
""",
    good="""
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: {name: reviews, namespace: shop}
spec:
  workloadSelector:
    labels: {app: reviews}
  egress:
    - hosts: ["./*"]
""",
)
