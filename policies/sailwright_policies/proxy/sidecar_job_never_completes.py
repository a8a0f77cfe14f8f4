"""A Job with a classic sidecar never completes: the application ends, the proxy runs on.

Kubernetes counts a Job's pod as complete when all its containers have ended. A native sidecar (an init container that is
restarted) ends with the application; a classic one ends only after a call to `/quitquitquit` on port 15020.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import WORKLOAD
from sailwright.lint.rule import Problem
from sailwright.mesh.objects.sidecar_containers import baked
from sailwright.mesh.objects.workloads import Workload
from sailwright.mesh.world import World

ID = "sidecar-job-never-completes"
KIND = WORKLOAD
SEVERITY: Severity = "warning"
ALIASES: tuple[str, ...] = ()

BAD = """
apiVersion: batch/v1
kind: Job
metadata: {name: import, namespace: shop}
spec:
  template:
    spec:
      restartPolicy: Never
      containers:
        - {name: import, image: "import:1.0.0"}
        - {name: istio-proxy, image: "docker.io/istio/proxyv2:1.31.0"}  # finding
"""

GOOD = """
apiVersion: batch/v1
kind: Job
metadata: {name: import, namespace: shop}
spec:
  template:
    spec:
      restartPolicy: Never
      initContainers:
        - {name: istio-proxy, image: "docker.io/istio/proxyv2:1.31.0", restartPolicy: Always}
      containers:
        - {name: import, image: "import:1.0.0"}
---
apiVersion: batch/v1
kind: Job
metadata: {name: export, namespace: shop}
spec:
  template:
    spec:
      restartPolicy: Never
      containers:
        - name: export
          image: export:1.0.0
          command: [sh, -c, "export && curl -X POST localhost:15020/quitquitquit"]
        - {name: istio-proxy, image: "docker.io/istio/proxyv2:1.31.0"}
"""


def check(workload: Workload, _: World) -> Iterator[Problem]:
    """Jobs and CronJobs whose manifest holds a classic proxy, and no command that ends it."""
    proxy = workload.proxy
    if workload.kind not in ("Job", "CronJob") or proxy is None or proxy.init or not baked(proxy):
        return
    if not any("quitquitquit" in str(container.value) for container in workload.applications):
        yield Problem(
            workload.manifest,
            proxy.path,
            f"{workload.kind} {workload.name} never completes: its classic sidecar does not end with the application",
            'inject a native sidecar (annotation sidecar.istio.io/nativeSidecar: "true"), or have the application '
            "POST to localhost:15020/quitquitquit when it is done",
        )
