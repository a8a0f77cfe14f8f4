"""Two Sidecars that select one workload leave it to chance which one counts.

Istio takes one of them whole and does not merge them. Which one may differ between istiod's restarts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import SIDECAR
from sailwright.lint.rule import Problem
from sailwright.mesh.index import Index
from sailwright.mesh.objects.run_time_labels import may_share_a_pod
from sailwright.mesh.objects.sidecars import Sidecar
from sailwright.mesh.objects.workloads import Workload
from sailwright.mesh.world import World

ID = "sidecar-conflict"
KIND = SIDECAR
SEVERITY: Severity = "error"
ALIASES = ("IST0110", "KIA0003")
_ONE_WORKLOAD = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: cart, namespace: shop}
spec: {template: {metadata: {labels: {app: cart, version: v1}}}}
---
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata:
  name: cart  # finding
  namespace: shop
spec: {workloadSelector: {labels: {app: cart}}, egress: [{hosts: ["./*"]}]}
---
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata:
  name: cart-v1  # finding
  namespace: shop
spec: {workloadSelector: {labels: {version: v1}}, egress: [{hosts: ["*/*"]}]}
"""
_SAME_SELECTOR = """
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata:
  name: cart  # finding
  namespace: shop
spec: {workloadSelector: {labels: {app: cart}}, egress: [{hosts: ["./*"]}]}
---
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata:
  name: cart-egress  # finding
  namespace: shop
spec: {workloadSelector: {labels: {app: cart}}, egress: [{hosts: ["*/*"]}]}
"""
BAD = (_ONE_WORKLOAD, _SAME_SELECTOR)
_BY_POD = """
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db, namespace: shop}
spec:
  template: {metadata: {labels: {app: db, sidecar.istio.io/inject: "true"}}}
---
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: {name: first, namespace: shop}
spec: {workloadSelector: {labels: {statefulset.kubernetes.io/pod-name: db-0}}, egress: [{hosts: ["./*"]}]}
---
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: {name: second, namespace: shop}
spec: {workloadSelector: {labels: {apps.kubernetes.io/pod-index: "1"}}, egress: [{hosts: ["*/*"]}]}
"""
GOOD = (
    _ONE_WORKLOAD.replace("  # finding", "").replace("labels: {version: v1}}, e", "labels: {app: mail}}, e"),
    _BY_POD,
)


def check(sidecar: Sidecar, mesh: World) -> Iterator[Problem]:
    """Ask which other Sidecars select its workloads; reported once, under the first workload that is contested.

    The analyzers report each of them, but for pods in ambient mode: those have no sidecar.
    """
    contested = mesh.index.derived(_contested).get(sidecar, [])
    alike = mesh.index.derived(_same_selector).get((sidecar.namespace, frozenset(sidecar.selector.items())), [])
    if not contested and not mesh.facts.compat and len(alike) > 1 and sidecar in alike:
        names = ", ".join(sorted(each.manifest.name for each in alike))
        others = tuple((each.manifest, ("metadata", "name"), "has it too") for each in alike if each is not sidecar)
        message = f"the Sidecars {names} have one selector: only one of them counts"
        yield Problem(sidecar.manifest, ("metadata", "name"), message, "make their selectors disjoint", others)
    if mesh.facts.compat:
        contested = [found for found in contested if not _redirected(found[0])]
    for workload, sidecars in contested if mesh.facts.compat else contested[:1]:
        names = ", ".join(sorted(each.manifest.name for each in sidecars))
        yield Problem(
            sidecar.manifest,
            ("metadata", "name"),
            f"the Sidecars {names} select one workload: {workload.kind} {workload.namespace}/{workload.name}",
            "make their selectors disjoint",
            tuple(
                (other.manifest, ("metadata", "name"), "selects it too") for other in sidecars if other is not sidecar
            ),
        )


def _same_selector(index: Index) -> Mapping[tuple[str, frozenset[tuple[str, str]]], list[Sidecar]]:
    """The Sidecars of each selector, whether or not the repository holds a workload for it; one of a name."""
    found: dict[tuple[str, frozenset[tuple[str, str]]], dict[str, Sidecar]] = {}
    for sidecar in index.sidecars.all:
        if sidecar.selector:
            alike = found.setdefault((sidecar.namespace, frozenset(sidecar.selector.items())), {})
            alike[sidecar.manifest.name] = sidecar
    return {key: list(alike.values()) for key, alike in found.items()}


def _contested(index: Index) -> Mapping[Sidecar, list[tuple[Workload, list[Sidecar]]]]:
    """The workloads of each Sidecar that others select too."""
    chosen: dict[Workload, list[Sidecar]] = {}
    for sidecar in index.sidecars.all:
        for workload in index.selected(sidecar.selector, sidecar.namespace) if sidecar.selector else ():
            chosen.setdefault(workload, []).append(sidecar)
    found: dict[Sidecar, list[tuple[Workload, list[Sidecar]]]] = {}
    for workload, sidecars in chosen.items():
        for sidecar in sidecars if len(sidecars) > 1 else ():
            meeting = [each for each in sidecars if may_share_a_pod(each.selector, sidecar.selector)]
            if len(meeting) > 1:
                found.setdefault(sidecar, []).append((workload, meeting))
    return found


def _redirected(pod: Workload) -> bool:
    return pod.annotations.get("ambient.istio.io/redirection") == "enabled"
