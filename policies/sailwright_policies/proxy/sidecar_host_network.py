"""A pod on the node's network is never injected, even if its labels request it.

Redirecting the traffic of such a pod would redirect the node's. Istio passes over it without a word: the workload runs
outside the mesh, without mTLS and without policy.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import WORKLOAD
from sailwright.lint.rule import Problem
from sailwright.mesh.objects.workloads import Workload
from sailwright.mesh.world import World

ID = "sidecar-host-network"
KIND = WORKLOAD
SEVERITY: Severity = "warning"
ALIASES: tuple[str, ...] = ()

BAD = """
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: agent, namespace: shop}
spec:
  template:
    metadata:
      labels: {app: agent, sidecar.istio.io/inject: "true"}
    spec:
      hostNetwork: true  # finding
      containers: [{name: agent, image: "agent:1.0.0"}]
"""

GOOD = """
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: agent, namespace: shop}
spec:
  template:
    metadata:
      labels: {app: agent, sidecar.istio.io/inject: "false"}
    spec:
      hostNetwork: true
      containers: [{name: agent, image: "agent:1.0.0"}]
"""


def check(workload: Workload, _: World) -> Iterator[Problem]:
    """Workloads that ask for a sidecar and for the node's network."""
    if workload.host_network and workload.inject == "true":
        yield Problem(
            workload.manifest,
            workload.path("spec", "hostNetwork"),
            "a pod with hostNetwork is not injected, though its label sidecar.istio.io/inject asks for it",
            'remove hostNetwork, or say sidecar.istio.io/inject: "false"',
        )
