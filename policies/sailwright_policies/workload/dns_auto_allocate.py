"""ISTIO_META_DNS_AUTO_ALLOCATE is the first version of address allocation: each proxy invents its own addresses.

The control plane allocates them itself now, the same for all (PILOT_ENABLE_IP_AUTOALLOCATE, on by default); istiod warns about
the old setting.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import WORKLOAD
from sailwright.lint.rule import Problem
from sailwright.mesh.objects.sidecar_containers import proxy_setting
from sailwright.mesh.objects.workloads import Workload
from sailwright.mesh.world import World
from sailwright.source.untyped import mapping

ID = "dns-auto-allocate"
KIND = WORKLOAD
SEVERITY: Severity = "warning"
ALIASES: tuple[str, ...] = ()

BAD = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: reviews, namespace: shop}
spec:
  template:
    metadata:
      annotations:
        proxy.istio.io/config: '{"proxyMetadata": {"ISTIO_META_DNS_AUTO_ALLOCATE": "true"}}'  # finding
    spec: {containers: [{name: reviews, image: "reviews:1.0.0"}]}
"""

GOOD = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: reviews, namespace: shop}
spec:
  template:
    metadata:
      annotations:
        proxy.istio.io/config: '{"proxyMetadata": {"ISTIO_META_DNS_CAPTURE": "true"}}'
    spec: {containers: [{name: reviews, image: "reviews:1.0.0"}]}
"""


def check(workload: Workload, _: World) -> Iterator[Problem]:
    """The proxy metadata of workloads, by annotation or baked."""
    setting = proxy_setting(workload, "proxyMetadata")
    if setting is not None and "ISTIO_META_DNS_AUTO_ALLOCATE" in mapping(setting.value):
        yield Problem(
            workload.manifest,
            setting.path,
            "ISTIO_META_DNS_AUTO_ALLOCATE is deprecated",
            "remove it: addresses are allocated by the control plane; keep ISTIO_META_DNS_CAPTURE",
        )
