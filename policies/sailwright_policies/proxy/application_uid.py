"""An application that runs as user 1337 bypasses its own sidecar.

The traffic of this user is not captured, so that the proxy's own requests do not come back to it. An application with
the same UID sends its requests past every policy, unencrypted.
"""

from __future__ import annotations

from collections.abc import Iterator

from sailwright.diagnostics.finding import Path, Severity
from sailwright.lint.kinds import POD_MAKER
from sailwright.lint.rule import Problem
from sailwright.mesh.objects.workloads import PROXY, Workload
from sailwright.mesh.world import World
from sailwright.source.untyped import get

ID = "application-uid"
KIND = POD_MAKER
SEVERITY: Severity = "warning"
ALIASES = ("IST0144",)
BAD = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: cart, namespace: shop}
spec:
  template:
    metadata: {labels: {app: cart}}
    spec:
      containers:
        - name: app
          image: cart:1
          securityContext:
            runAsUser: 1337  # finding
"""
GOOD = BAD.replace("1337  # finding", "1000")
_PROXY_UID = 1337
_ALLOWED = (PROXY, "istio-operator")


def check(workload: Workload, mesh: World) -> Iterator[Problem]:
    """The user of the pod and of its application containers. The analyzers pass over what is labelled as Istio's own."""
    index, own = mesh.index, workload.manifest.labels
    if index.facts.compat:
        left_out = "istio" in own or own.get("release") == "istio"
    else:
        left_out = index.injected(workload) is False
    for path in _places(workload) if not left_out else ():
        message = (
            f"{workload.kind} {workload.name} runs an application as user {_PROXY_UID}, whose traffic is not captured"
        )
        yield Problem(workload.manifest, path, message, "run it as another user")


def _places(workload: Workload) -> Iterator[Path]:
    applications = any(not container.init and container.name not in _ALLOWED for container in workload.containers)
    if get(workload.spec, "securityContext", "runAsUser") == _PROXY_UID and (applications or not workload.containers):
        yield workload.path("spec", "securityContext", "runAsUser")
    for container in workload.containers:
        own = get(container.value, "securityContext", "runAsUser")
        if not container.init and container.name not in _ALLOWED and own == _PROXY_UID:
            yield (*container.path, "securityContext", "runAsUser")
