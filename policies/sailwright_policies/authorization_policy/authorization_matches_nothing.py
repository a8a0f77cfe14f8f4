"""An AuthorizationPolicy that applies to no workload protects nothing.

Its selector matches pods of its own namespace by their labels; in the root namespace, pods of every namespace.
Reported where sailwright.yaml declares the namespace, or where a workload there was in all likelihood meant: pods may come
from elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import AUTHORIZATION_POLICY
from sailwright.lint.rule import Problem
from sailwright.mesh.objects.selectors import match_labels, selector_text
from sailwright.mesh.queries.absence import here, no_pods, not_here
from sailwright.mesh.queries.authorization_policies import Members
from sailwright.mesh.queries.possible_pods import may_select
from sailwright.mesh.queries.traits import populated
from sailwright.mesh.world import World
from sailwright.source.manifest import Manifest

ID = "authorization-matches-nothing"
KIND = AUTHORIZATION_POLICY
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


def check(policy: Manifest, mesh: World) -> Iterator[Problem]:
    """Look for a workload in the mesh that the policy applies to."""
    index, members = mesh.index, mesh.index.derived(Members)
    namespace = index.namespace_of(policy)
    is_root = namespace == index.mesh.root_namespace
    has_members = bool(members) if is_root else namespace in members.namespaces
    inhabited = index.derived(populated)
    if policy.spec.get("selector") is None:
        if index.facts.compat and not is_root and not has_members:
            yield Problem(policy, (), f"no workload of `{namespace}` is in the mesh")
    elif index.facts.compat or (inhabited if is_root else namespace in inhabited):
        selector = match_labels(policy)
        place = None if is_root else namespace
        selected = index.selected(selector, place)
        if not any(pod in members for pod in selected) and (selected or not may_select(index, selector, place)):
            where = "any namespace" if is_root else f"`{namespace}`"
            yield Problem(
                policy,
                ("spec", "selector", "matchLabels"),
                f"no workload of {where} that is in the mesh has the labels {selector_text(selector)}",
                "write the labels of the pod template",
                absent=not_here() if not has_members else here() if selected else no_pods(selector, place),
            )
