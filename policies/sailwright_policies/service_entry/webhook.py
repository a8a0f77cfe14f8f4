"""What Istio's webhook refuses of a ServiceEntry, and what it warns about."""

from sailwright_policies.webhook import WebhookRule

SERVICE_ENTRY_REFUSED = WebhookRule(
    __name__,
    "ServiceEntry",
    "service-entry-refused",
    "error",
    ("IST0106",),
    page="""A ServiceEntry that Istio's webhook refuses is never applied: with outbound traffic restricted, its host stays blocked.

istiod checks hosts, addresses, ports and endpoints against the resolution: NONE takes no endpoints, DNS needs names that can
be looked up, several hosts need ports that carry the host.
""",
    bad="""
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: reviews, namespace: shop}
spec:
  hosts: ["*.example.com"]  # finding
  ports: [{number: 443, name: tls, protocol: TLS}]
  resolution: DNS
""",
    good="""
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: reviews, namespace: shop}
spec:
  hosts: ["*.example.com"]
  ports: [{number: 443, name: tls, protocol: TLS}]
  resolution: NONE
""",
)

SERVICE_ENTRY_DOUBTFUL = WebhookRule(
    __name__,
    "ServiceEntry",
    "service-entry-doubtful",
    "warning",
    ("IST0133",),
    page="""Istio takes this ServiceEntry and warns: its traffic cannot be distinguished from that of other hosts, or nothing is selected.

A TCP port without addresses listens on its number for every host: traffic for other hosts on that port goes there too.
""",
    bad="""
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: reviews, namespace: shop}
spec:
  hosts: [db.example.com]
  ports:
    - {number: 3306, name: mysql, protocol: TCP}  # finding
  resolution: NONE
""",
    good="""
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: reviews, namespace: shop}
spec:
  hosts: [db.example.com]
  addresses: [192.0.2.10]
  ports:
    - {number: 3306, name: mysql, protocol: TCP}
  resolution: NONE
""",
)
