"""A secret written into a manifest is in Git for good, and in every tool that reads the pod.

The variable's name says that it is one. A Secret, referenced by `valueFrom.secretKeyRef`, keeps the value out.
"""

import re
from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import WORKLOAD
from sailwright.lint.rule import Problem
from sailwright.mesh.objects.workloads import Workload
from sailwright.mesh.world import World
from sailwright.runtime.regex import regex
from sailwright.source.untyped import entries, text

ID = "env-secret-value"
KIND = WORKLOAD
SEVERITY: Severity = "warning"
ALIASES: tuple[str, ...] = ()

BAD = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: reviews, namespace: shop}
spec:
  template:
    spec:
      containers:
        - name: reviews
          image: reviews:1.0.0
          env:
            - name: CLIENT_SECRET  # finding
              value: hunter2
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
          env:
            - name: CLIENT_SECRET
              valueFrom: {secretKeyRef: {name: reviews, key: client-secret}}
            - name: CLIENT_SECRET_FILE
              value: /etc/secrets/client
"""

_SECRET = regex(r".*SECRET", re.IGNORECASE)
_HARMLESS = regex(r"(true|false|yes|no|0|1)$|/|\$[({]", re.IGNORECASE)
"""A switch, a path, or a reference to another variable."""
_ELSEWHERE = regex(
    r".*_(FILE|PATH|DIR|NAME|NAMES|NAMESPACE|NAMESPACES|REF|ARN|TYPE|KIND|MOUNT|PREFIX|SUFFIX|VERSION|PROVIDER|STORE|BACKEND|ENGINE|TTL|ENDPOINT|HOST|REGION|ENABLED|DISABLED|LABEL|SELECTOR|INTERVAL|PATTERN|FORMAT)",
    re.IGNORECASE,
)


def check(workload: Workload, _: World) -> Iterator[Problem]:
    """Variables named `...SECRET...` with a value; what only names a file or an object is none. The value is never shown."""
    for container in workload.applications:
        for path, variable in entries(container.value.get("env"), (*container.path, "env")):
            name = text(variable.get("name"))
            value = text(variable.get("value"))
            if value and not _HARMLESS.match(value) and _SECRET.match(name) and not _ELSEWHERE.fullmatch(name):
                yield Problem(
                    workload.manifest,
                    (*path, "name"),
                    f"the value of {name} stands in the manifest",
                    "put it into a Secret and use valueFrom.secretKeyRef",
                )
