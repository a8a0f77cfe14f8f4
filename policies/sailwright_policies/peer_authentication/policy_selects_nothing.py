"""A security policy whose selector matches no workload protects nothing.

The labels are those of the pods. Decided where sailwright.yaml declares the namespace, or where a workload of it was in all
likelihood meant: others alone prove nothing, pods may come from elsewhere.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import objects
from sailwright.lint.rule import Problem
from sailwright.mesh.objects.selectors import match_labels, selector_text
from sailwright.mesh.queries.absence import no_pods
from sailwright.mesh.queries.possible_pods import may_select
from sailwright.mesh.queries.traits import populated
from sailwright.mesh.values import kinds
from sailwright.mesh.world import World
from sailwright.source.manifest import Manifest

ID = "policy-selects-nothing"
KIND = objects(kinds.PEER_AUTHENTICATION, kinds.REQUEST_AUTHENTICATION)
SEVERITY: Severity = "warning"
ALIASES: tuple[str, ...] = ("KIA0004",)

BAD = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: orders, namespace: shop}
spec: {template: {metadata: {labels: {app: orders}}}}
---
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: orders, namespace: shop}
spec:
  selector:
    matchLabels: {app: order}  # finding
  mtls: {mode: STRICT}
"""

GOOD = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: orders, namespace: shop}
spec: {template: {metadata: {labels: {app: orders}}}}
---
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: orders, namespace: shop}
spec:
  selector:
    matchLabels: {app: orders}
  mtls: {mode: STRICT}
"""


def check(policy: Manifest, mesh: World) -> Iterator[Problem]:
    """A selector against the workloads of its namespace; in the root namespace a RequestAuthentication is for the whole mesh."""
    selector, namespace = match_labels(policy), mesh.index.namespace_of(policy)
    if namespace == mesh.index.mesh.root_namespace and policy.kind == "RequestAuthentication":
        return
    if selector and namespace in mesh.index.derived(populated) and not may_select(mesh.index, selector, namespace):
        yield Problem(
            policy,
            ("spec", "selector", "matchLabels"),
            f"no workload of namespace {namespace} has the labels {selector_text(selector)}",
            "correct the labels: they are those of the pod template",
            key=True,
            absent=no_pods(selector, namespace),
        )
