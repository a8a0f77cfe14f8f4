"""A hook or probe with two handlers is refused by the API server: the workload is never applied.

Each of them takes one of `exec`, `httpGet`, `tcpSocket`, `grpc` and `sleep`. Two come together most often where a patch, an
overlay or an injection template adds a handler to one that is there already.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import WORKLOAD
from sailwright.lint.rule import Problem
from sailwright.mesh.objects.workloads import Workload
from sailwright.mesh.world import World
from sailwright.validate.handlers import handler_problems

ID = "handlers-several"
KIND = WORKLOAD
SEVERITY: Severity = "error"
ALIASES: tuple[str, ...] = ()

BAD = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: cart, namespace: shop}
spec:
  template:
    spec:
      containers:
        - name: cart
          image: example.com/cart:1.0
          lifecycle:
            preStop:
              exec: {command: [drain]}
              httpGet: {path: /drain, port: 8080}  # finding
"""
GOOD = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: cart, namespace: shop}
spec:
  template:
    spec:
      containers:
        - name: cart
          image: example.com/cart:1.0
          readinessProbe:
            httpGet: {path: /ready, port: 8080}
          lifecycle:
            postStart:
              exec: {command: [warm]}
            preStop:
              httpGet: {path: /drain, port: 8080}
"""


def check(workload: Workload, mesh: World) -> Iterator[Problem]:
    """The hooks and probes of all containers. The analyzers of istioctl do not ask."""
    for each in handler_problems(workload.manifest.value) if not mesh.facts.compat else ():
        yield Problem(workload.manifest, each.path, each.message, each.help)
