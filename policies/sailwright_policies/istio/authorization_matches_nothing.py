"""An AuthorizationPolicy that applies to no workload protects nothing.

Its selector looks at the labels of pods of its own namespace (of every namespace where it lies in the root namespace).
Nothing is reported where the repository holds no workload there.
"""

from __future__ import annotations

from collections.abc import Iterator

from sailwright.finding import Severity
from sailwright.manifest import Manifest
from sailwright.mesh import kinds
from sailwright.mesh.analysis import in_mesh
from sailwright.mesh.index import Index
from sailwright.mesh.selectors import selector_text, selects
from sailwright.mesh.shape import get, labels
from sailwright.mesh.workloads import Workload
from sailwright.mesh.world import World
from sailwright.rule import Problem

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
    members = _members(index)
    everybody = [pod for pods in members.values() for pod in pods]
    for policy in index.of(kinds.AUTHORIZATION_POLICY):
        namespace = index.namespace_of(policy)
        is_root = namespace == index.mesh.root_namespace
        pods = everybody if is_root else members.get(namespace, [])
        if policy.spec.get("selector") is None:
            if index.facts.compat and not is_root and not pods:
                yield Problem(policy, (), f"no workload of `{namespace}` is in the mesh")
            continue
        selector = labels(get(policy.spec, "selector", "matchLabels"))
        if (pods or index.facts.compat) and not any(selects(selector, pod.labels) for pod in pods):
            yield _problem(index, policy, selector, "any namespace" if is_root else f"`{namespace}`")


def _problem(index: Index, policy: Manifest, selector: dict[str, str], where: str) -> Problem:
    message = f"no workload of {where} that is in the mesh has the labels {selector_text(selector)}"
    place = () if index.facts.compat else ("spec", "selector", "matchLabels")
    return Problem(policy, place, message, "write the labels of the pod template")


def _members(index: Index) -> dict[str, list[Workload]]:
    """The workloads of each namespace that are in the mesh, or may be."""
    found: dict[str, list[Workload]] = {}
    for pod in index.workloads:
        namespace = index.namespace(pod.namespace)
        if index.facts.compat:
            ambient = pod.annotations.get("ambient.istio.io/redirection") == "enabled"
            member = ambient or in_mesh(pod.containers, pod.labels, pod.annotations, namespace.labels)
        else:
            member = namespace.ambient or index.injected(pod) is not False
        if member:
            found.setdefault(pod.namespace, []).append(pod)
    return found
