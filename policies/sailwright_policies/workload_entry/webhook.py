"""What Istio's webhook refuses of a WorkloadEntry and of a WorkloadGroup, and what it warns about."""

from sailwright_policies.webhook import WebhookRule

WORKLOAD_ENTRY_REFUSED = WebhookRule(
    __name__,
    "WorkloadEntry",
    "workload-entry-refused",
    "error",
    ("IST0106",),
    page="""A WorkloadEntry that Istio's webhook refuses is never applied: the machine gets no traffic.

istiod checks the address, the port names and numbers, and the labels.
""",
    bad="""
apiVersion: networking.istio.io/v1
kind: WorkloadEntry
metadata: {name: reviews, namespace: shop}
spec:
  address: 10.0.0.300  # finding
  labels: {app: reviews}
""",
    good="""
apiVersion: networking.istio.io/v1
kind: WorkloadEntry
metadata: {name: reviews, namespace: shop}
spec:
  address: 10.0.0.30
  labels: {app: reviews}
""",
)

WORKLOAD_ENTRY_DOUBTFUL = WebhookRule(
    __name__,
    "WorkloadEntry",
    "workload-entry-doubtful",
    "warning",
    ("IST0133",),
    page="""Istio takes this WorkloadEntry and warns: it has no address of its own.

Without an address the workload must be reachable through the gateway of its network.
""",
    bad="""
apiVersion: networking.istio.io/v1
kind: WorkloadEntry
metadata: {name: reviews, namespace: shop}
spec:  # finding
  network: vpc-1
  labels: {app: reviews}
""",
    good="""
apiVersion: networking.istio.io/v1
kind: WorkloadEntry
metadata: {name: reviews, namespace: shop}
spec:
  address: 10.0.0.30
  network: vpc-1
  labels: {app: reviews}
""",
)

WORKLOAD_GROUP_REFUSED = WebhookRule(
    __name__,
    "WorkloadGroup",
    "workload-group-refused",
    "error",
    ("IST0106",),
    page="""A WorkloadGroup that Istio's webhook refuses is never applied: machines cannot join the mesh by it.

istiod checks that there is a template, the labels, and the readiness probe.
""",
    bad="""
apiVersion: networking.istio.io/v1
kind: WorkloadGroup
metadata: {name: reviews, namespace: shop}
spec:
  metadata:
    labels: {app: "a b"}  # finding
  template: {serviceAccount: reviews}
""",
    good="""
apiVersion: networking.istio.io/v1
kind: WorkloadGroup
metadata: {name: reviews, namespace: shop}
spec:
  metadata:
    labels: {app: a-b}
  template: {serviceAccount: reviews}
""",
)
