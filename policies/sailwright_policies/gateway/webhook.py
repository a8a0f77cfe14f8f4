"""What Istio's webhook refuses of a Gateway, and what it warns about."""

from sailwright_policies.webhook import WebhookRule

GATEWAY_REFUSED = WebhookRule(
    __name__,
    "Gateway",
    "gateway-refused",
    "error",
    ("IST0106",),
    page="""A Gateway that Istio's webhook refuses is never applied: the port stays closed or keeps its old hosts.

istiod checks hosts, port names and protocols, and that TLS settings fit the protocol and are complete.
""",
    bad="""
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: reviews, namespace: shop}
spec:
  selector: {istio: ingress}
  servers:
    - port: {number: 443, name: https, protocol: HTTPS}
      hosts: [shop.example.com]
      tls:  # finding (2)
        mode: SIMPLE
""",
    good="""
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: reviews, namespace: shop}
spec:
  selector: {istio: ingress}
  servers:
    - port: {number: 443, name: https, protocol: HTTPS}
      hosts: [shop.example.com]
      tls:
        mode: SIMPLE
        credentialName: shop
""",
)

GATEWAY_DOUBTFUL = WebhookRule(
    __name__,
    "Gateway",
    "gateway-doubtful",
    "warning",
    ("IST0133",),
    page="""Istio takes this Gateway and warns: part of its TLS settings is ignored.

Unknown cipher suites are dropped, redirects to HTTPS work on HTTP servers only, and a server that passes TLS through uses no
certificate.
""",
    bad="""
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: reviews, namespace: shop}
spec:
  selector: {istio: ingress}
  servers:
    - port: {number: 443, name: https, protocol: HTTPS}
      hosts: [shop.example.com]
      tls:
        mode: SIMPLE
        credentialName: shop
        cipherSuites: [RC4-MD5]  # finding
""",
    good="""
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: reviews, namespace: shop}
spec:
  selector: {istio: ingress}
  servers:
    - port: {number: 443, name: https, protocol: HTTPS}
      hosts: [shop.example.com]
      tls:
        mode: SIMPLE
        credentialName: shop
        cipherSuites: [ECDHE-RSA-AES256-GCM-SHA384]
""",
)
