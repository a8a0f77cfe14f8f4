"""An AuthorizationPolicy that applies to no workload protects nothing.

Its selector looks at the labels of pods of its own namespace (of every namespace where it lies in the root namespace).
Nothing is reported where the repository holds no workload there.
"""

from __future__ import annotations

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.rule import Problem
from sailwright.mesh.index import Index
from sailwright.mesh.objects.selectors import selector_text
from sailwright.mesh.objects.workloads import Workload
from sailwright.mesh.queries.istioctl_compat import in_mesh
from sailwright.mesh.values import kinds
from sailwright.mesh.world import World
from sailwright.source.manifest import Manifest
from sailwright.source.untyped import get, labels

ID = "authorization-matches-nothing"
SEVERITY: Severity = "warning"
ALIASES = ("IST0127", "KIA0004")
BAD = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: cart, namespace: shop}
spec: {template: {metadata: {labels: {app: cart}}}}
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: cart, namespace: shop}
spec:
  selector:
    matchLabels: {app: carts}  # finding
  rules: [{from: [{source: {namespaces: [shop]}}]}]
"""
GOOD = BAD.replace("carts}  # finding", "cart}")


def check(world: World) -> Iterator[Problem]:
    """Look for a workload in the mesh that each policy applies to."""
    index = world.index
    members = {id(pod) for pod in index.workloads if _is_member(index, pod)}
    namespaces = {pod.namespace for pod in index.workloads if id(pod) in members}
    for policy in index.of(kinds.AUTHORIZATION_POLICY):
        namespace = index.namespace_of(policy)
        is_root = namespace == index.mesh.root_namespace
        has_members = bool(members) if is_root else namespace in namespaces
        if policy.spec.get("selector") is None:
            if index.facts.compat and not is_root and not has_members:
                yield Problem(policy, (), f"no workload of `{namespace}` is in the mesh")
            continue
        selector = labels(get(policy.spec, "selector", "matchLabels"))
        selected = index.selected(selector, None if is_root else namespace)
        if (has_members or index.facts.compat) and not any(id(pod) in members for pod in selected):
            yield _problem(index, policy, selector, "any namespace" if is_root else f"`{namespace}`")


def _problem(index: Index, policy: Manifest, selector: dict[str, str], where: str) -> Problem:
    message = f"no workload of {where} that is in the mesh has the labels {selector_text(selector)}"
    place = () if index.facts.compat else ("spec", "selector", "matchLabels")
    return Problem(policy, place, message, "write the labels of the pod template")


def _is_member(index: Index, pod: Workload) -> bool:
    """Whether a workload is in the mesh, or may be."""
    namespace = index.namespace(pod.namespace)
    if index.facts.compat:
        ambient = pod.annotations.get("ambient.istio.io/redirection") == "enabled"
        return ambient or in_mesh(pod.containers, pod.labels, pod.annotations, namespace.labels)
    return namespace.ambient or index.injected(pod) is not False
