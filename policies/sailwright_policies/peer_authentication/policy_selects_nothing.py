"""A security policy whose selector matches no workload protects nothing.

The labels are those of the pods. Decided where the repository holds workloads of that namespace.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.rule import Problem
from sailwright.mesh.objects.selectors import selector_text
from sailwright.mesh.values import kinds
from sailwright.mesh.world import World
from sailwright.source.untyped import get, labels

ID = "policy-selects-nothing"
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


def check(world: World) -> Iterator[Problem]:
    """PeerAuthentications and RequestAuthentications; in the root namespace the latter select workloads of the whole mesh."""
    root = world.index.mesh.root_namespace
    for manifest in world.index.of(kinds.PEER_AUTHENTICATION, kinds.REQUEST_AUTHENTICATION):
        selector = labels(get(manifest.spec, "selector", "matchLabels"))
        namespace = world.index.namespace_of(manifest)
        if not selector or (namespace == root and manifest.kind == "RequestAuthentication"):
            continue
        if world.index.selected({}, namespace) and not world.index.selected(selector, namespace):
            yield Problem(
                manifest,
                ("spec", "selector", "matchLabels"),
                f"no workload of namespace {namespace} has the labels {selector_text(selector)}",
                "correct the labels: they are those of the pod template",
                key=True,
            )
