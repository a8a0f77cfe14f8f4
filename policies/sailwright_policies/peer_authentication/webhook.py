"""What Istio's webhook refuses of a PeerAuthentication, and what it warns about."""

from sailwright_policies.webhook import WebhookRule

PEER_AUTHENTICATION_REFUSED = WebhookRule(
    __name__,
    "PeerAuthentication",
    "peer-authentication-refused",
    "error",
    ("IST0106",),
    page="""A PeerAuthentication that Istio's webhook refuses is never applied: mutual TLS stays as it was.

Port-level settings need a selector with labels, and ports are those of the workload, 1 to 65535.
""",
    bad="""
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: reviews, namespace: shop}
spec:
  portLevelMtls:  # finding
    8080: {mode: DISABLE}
""",
    good="""
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: reviews, namespace: shop}
spec:
  selector:
    matchLabels: {app: reviews}
  portLevelMtls:
    8080: {mode: DISABLE}
""",
)

PEER_AUTHENTICATION_DOUBTFUL = WebhookRule(
    __name__,
    "PeerAuthentication",
    "peer-authentication-doubtful",
    "warning",
    ("IST0133",),
    page="""Istio takes this PeerAuthentication and warns: its selector has no labels, so it is for every workload of the namespace.

An empty selector looks like a narrow policy and is a wide one.
""",
    bad="""
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: reviews, namespace: shop}
spec:
  selector: {}  # finding
  mtls: {mode: STRICT}
""",
    good="""
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: reviews, namespace: shop}
spec:
  selector:
    matchLabels: {app: reviews}
  mtls: {mode: STRICT}
""",
)
