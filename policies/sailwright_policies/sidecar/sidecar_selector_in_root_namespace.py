"""A Sidecar of the root namespace is the default of the whole mesh, and a workload selector makes it none.

With a selector it governs only workloads of the root namespace itself, of which there are hardly any.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import SIDECAR
from sailwright.lint.rule import Problem
from sailwright.mesh.objects.sidecars import Sidecar
from sailwright.mesh.world import World

ID = "sidecar-selector-in-root-namespace"
KIND = SIDECAR
SEVERITY: Severity = "warning"
ALIASES: tuple[str, ...] = ("KIA1006",)

BAD = """
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: {name: default, namespace: istio-system}
spec:
  workloadSelector:  # finding
    labels: {app: reviews}
  egress: [{hosts: ["./*"]}]
"""

GOOD = """
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: {name: default, namespace: istio-system}
spec:
  egress: [{hosts: ["./*"]}]
"""


def check(sidecar: Sidecar, mesh: World) -> Iterator[Problem]:
    """Sidecars of the root namespace with labels that no workload there has."""
    root = mesh.index.mesh.root_namespace
    if sidecar.namespace == root and sidecar.selector and not mesh.index.selected(sidecar.selector, root):
        yield Problem(
            sidecar.manifest,
            ("spec", "workloadSelector"),
            f"in the root namespace {root} a Sidecar with a selector is not the default of the mesh",
            "remove workloadSelector, or move the Sidecar to the namespace of its workloads",
            key=True,
        )
