"""A namespace that enforces a Pod Security level takes no pod beyond it: the API server creates none.

The level is the namespace's label `pod-security.kubernetes.io/enforce`. A baked sidecar counts too: istio-init needs NET_ADMIN,
NET_RAW and root, which `baseline` refuses; with Istio's CNI plugin there is no such container.
"""

from collections.abc import Iterator
from typing import Final

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import WORKLOAD
from sailwright.lint.rule import Problem
from sailwright.mesh.objects.workloads import Workload
from sailwright.mesh.values.pod_security import ENFORCE, Level, newest, pinned, violations
from sailwright.mesh.values.pod_security_baseline import Violation
from sailwright.mesh.world import World

ID = "pod-security-refused"
SEVERITY: Severity = "warning"
ALIASES: tuple[str, ...] = ()
KIND = WORKLOAD

BAD = """
apiVersion: v1
kind: Namespace
metadata:
  name: shop
  labels: {pod-security.kubernetes.io/enforce: baseline}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: cart, namespace: shop}
spec:
  template:
    metadata: {labels: {app: cart}}
    spec:
      containers: [{name: cart, image: "example.com/cart:1.0.0"}]
      volumes:
        - name: logs
          hostPath: {path: /var/log}  # finding
"""
GOOD = BAD.replace("hostPath: {path: /var/log}  # finding", "emptyDir: {}")

_LEVELS: Final[dict[str, Level]] = {"baseline": "baseline", "restricted": "restricted"}
_MOST: Final = 3
"""Things that a message names; of more it gives the number."""


def check(workload: Workload, mesh: World) -> Iterator[Problem]:
    """Each workload once, at the first thing that the level of its namespace refuses."""
    labels = mesh.index.namespace(workload.namespace).labels or {}
    level = _LEVELS.get(labels.get(ENFORCE, ""))
    version = pinned(labels, newest(mesh.facts.kubernetes_versions))
    found = list(violations(workload.pod, level, version)) if level else []
    if found:
        yield Problem(
            workload.manifest,
            workload.path(*found[0].path),
            f"namespace {workload.namespace} enforces the Pod Security level `{level}`, which refuses {_listed(found)}",
            _remedy(found),
        )


def _listed(found: list[Violation]) -> str:
    messages = list(dict.fromkeys(violation.message for violation in found))
    more = f" and {len(messages) - _MOST} more" if len(messages) > _MOST else ""
    return ", ".join(messages[:_MOST]) + more


def _remedy(found: list[Violation]) -> str:
    if any("`istio-init`" in violation.message for violation in found):
        return "install Istio's CNI plugin and set istio.cni: true, or enforce a wider level in this namespace"
    return "remove it, or enforce a wider level in this namespace"
