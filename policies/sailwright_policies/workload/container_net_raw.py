"""NET_RAW lets an application forge packets, past the proxy and under other addresses.

Containers have it unless they drop it (or ALL).
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import WORKLOAD
from sailwright.lint.rule import Preset, Problem
from sailwright.mesh.objects.workloads import Workload
from sailwright.mesh.world import World
from sailwright.source.untyped import get, mapping, texts

ID = "container-net-raw"
KIND = WORKLOAD
SEVERITY: Severity = "info"
ALIASES: tuple[str, ...] = ()
PRESET: Preset = "strict"

BAD = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: reviews, namespace: shop}
spec:
  template:
    spec:
      containers:
        - name: reviews  # finding
          image: reviews:1.0.0
"""

GOOD = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: reviews, namespace: shop}
spec:
  template:
    spec:
      containers:
        - name: reviews
          image: reviews:1.0.0
          securityContext: {capabilities: {drop: [ALL]}}
"""


def check(workload: Workload, _: World) -> Iterator[Problem]:
    """Application containers that neither drop NET_RAW nor ALL, or add it."""
    for container in workload.applications:
        capabilities = mapping(get(container.value, "securityContext", "capabilities"))
        dropped, added = texts(capabilities.get("drop")), texts(capabilities.get("add"))
        if "NET_RAW" in added or not {"NET_RAW", "ALL"} & set(dropped):
            yield Problem(
                workload.manifest,
                (*container.path, "name"),
                f"container {container.name} has the capability NET_RAW",
                "set securityContext.capabilities.drop: [ALL]",
            )
