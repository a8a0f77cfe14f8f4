"""What Istio's webhook refuses of a RequestAuthentication, and what it warns about."""

from sailwright_policies.webhook import WebhookRule

REQUEST_AUTHENTICATION_REFUSED = WebhookRule(
    __name__,
    "RequestAuthentication",
    "request-authentication-refused",
    "error",
    ("IST0106",),
    page="""A RequestAuthentication that Istio's webhook refuses is never applied: tokens are not checked.

istiod checks issuers, key sets and their addresses, and where tokens are read from and claims written to.
""",
    bad="""
apiVersion: security.istio.io/v1
kind: RequestAuthentication
metadata: {name: reviews, namespace: shop}
spec:
  jwtRules:
    - issuer: https://accounts.example.com
      jwksUri: accounts.example.com/keys  # finding
""",
    good="""
apiVersion: security.istio.io/v1
kind: RequestAuthentication
metadata: {name: reviews, namespace: shop}
spec:
  jwtRules:
    - issuer: https://accounts.example.com
      jwksUri: https://accounts.example.com/keys
""",
)

REQUEST_AUTHENTICATION_DOUBTFUL = WebhookRule(
    __name__,
    "RequestAuthentication",
    "request-authentication-doubtful",
    "warning",
    ("IST0133",),
    page="""Istio takes this RequestAuthentication and warns: it is wider than it looks, or carries a private key.

A selector without labels is for every workload of the namespace. Whoever can read a private key in `jwks` can sign tokens.
""",
    bad="""
apiVersion: security.istio.io/v1
kind: RequestAuthentication
metadata: {name: reviews, namespace: shop}
spec:
  selector: {}  # finding
  jwtRules:
    - issuer: https://accounts.example.com
""",
    good="""
apiVersion: security.istio.io/v1
kind: RequestAuthentication
metadata: {name: reviews, namespace: shop}
spec:
  selector:
    matchLabels: {app: reviews}
  jwtRules:
    - issuer: https://accounts.example.com
""",
)
