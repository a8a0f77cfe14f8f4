"""A feature flag that istiod no longer reads leaves the mesh as if it had never been set.

Flags are environment variables of the control plane. One that was removed gives no error: the behaviour it asked for has become
the only one, or has gone.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import WORKLOAD
from sailwright.lint.rule import Problem
from sailwright.mesh.objects.workloads import Workload
from sailwright.mesh.world import World
from sailwright.source.untyped import entries, text

ID = "removed-istiod-flag"
KIND = WORKLOAD
SEVERITY: Severity = "warning"
ALIASES: tuple[str, ...] = ()

BAD = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: istiod, namespace: istio-system}
spec:
  template:
    metadata: {labels: {app: istiod}}
    spec:
      containers:
        - name: discovery
          image: docker.io/istio/pilot:1.31.0
          env:
            - {name: PILOT_ENABLE_PROTOCOL_SNIFFING_FOR_OUTBOUND, value: "false"}  # finding
            - {name: ISTIO_DEFAULT_REQUEST_TIMEOUT, value: 15s}  # finding
"""

GOOD = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: istiod, namespace: istio-system}
spec:
  template:
    metadata: {labels: {app: istiod}}
    spec:
      containers:
        - name: discovery
          image: docker.io/istio/pilot:1.31.0
          env:
            - {name: PILOT_ENABLE_IP_AUTOALLOCATE, value: "true"}
"""

REMOVED = {
    "PILOT_ENABLE_PROTOCOL_SNIFFING_FOR_OUTBOUND": "declare the protocol of ports: detection is always on",
    "PILOT_ENABLE_PROTOCOL_SNIFFING_FOR_INBOUND": "declare the protocol of ports: detection is always on",
    "ISTIO_DEFAULT_REQUEST_TIMEOUT": "set `timeout` on the routes of VirtualServices",
}


def check(workload: Workload, _: World) -> Iterator[Problem]:
    """The environment of a workload labelled app=istiod."""
    for container in workload.applications if workload.labels.get("app") == "istiod" else ():
        for path, variable in entries(container.value.get("env"), (*container.path, "env")):
            name = text(variable.get("name"))
            if name in REMOVED:
                message = f"istiod does not read {name} any more"
                yield Problem(workload.manifest, (*path, "name"), message, REMOVED[name])
