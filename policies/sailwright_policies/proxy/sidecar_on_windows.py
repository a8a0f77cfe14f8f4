"""A Windows pod cannot have a sidecar: the proxy's image and istio-init are for Linux.

The API server refuses a pod with `os: {name: windows}` whose containers have Linux's security settings, as istio-proxy has;
without `os`, the node finds no image for its system.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from sailwright.diagnostics.finding import Path, Severity
from sailwright.lint.kinds import WORKLOAD
from sailwright.lint.rule import Problem
from sailwright.mesh.objects.workloads import Workload
from sailwright.mesh.world import World
from sailwright.source.untyped import entries, get, texts

ID = "sidecar-on-windows"
SEVERITY: Severity = "warning"
ALIASES: tuple[str, ...] = ()
KIND = WORKLOAD

_BY_NAME = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: cart, namespace: shop}
spec:
  template:
    metadata:
      labels: {app: cart, sidecar.istio.io/inject: "true"}
    spec:
      os: {name: windows}  # finding
      containers: [{name: cart, image: "example.com/cart:1.0.0"}]
"""
_BY_AFFINITY = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: cart, namespace: shop}
spec:
  template:
    metadata:
      labels: {app: cart, sidecar.istio.io/inject: "true"}
    spec:
      affinity:
        nodeAffinity:
          requiredDuringSchedulingIgnoredDuringExecution:
            nodeSelectorTerms:
              - matchExpressions:
                  - {key: kubernetes.io/os, operator: In, values: [windows]}  # finding
      containers: [{name: cart, image: "example.com/cart:1.0.0"}]
"""
BAD = (_BY_NAME, _BY_AFFINITY, _BY_NAME.replace("os: {name", "nodeSelector: {beta.kubernetes.io/os"))

_ELSEWHERE = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: cart, namespace: shop}
spec:
  template:
    metadata:
      labels: {app: cart, sidecar.istio.io/inject: "false"}
    spec:
      os: {name: windows}
      containers: [{name: cart, image: "example.com/cart:1.0.0"}]
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  template:
    metadata:
      labels: {app: web, sidecar.istio.io/inject: "true"}
    spec:
      nodeSelector: {kubernetes.io/os: linux}
      containers: [{name: web, image: "example.com/web:1.0.0"}]
"""
GOOD = (_ELSEWHERE, _BY_AFFINITY.replace("[windows]}  # finding", "[windows, linux]}"))


def check(workload: Workload, mesh: World) -> Iterator[Problem]:
    """Pods that run on Windows and have a sidecar, or will get one."""
    path = _windows(workload)
    if path and not workload.host_network and (workload.proxy is not None or mesh.index.injected(workload)):
        yield Problem(
            workload.manifest,
            path,
            f"the pods of {workload.kind} {workload.name} run on Windows, where the sidecar cannot run",
            'label the pods sidecar.istio.io/inject: "false"',
        )


def _windows(workload: Workload) -> Path:
    """What places the pods on Windows; empty where nothing does."""
    for keys in (("os", "name"), *(("nodeSelector", label) for label in _LABELS)):
        if get(workload.spec, *keys) == "windows":
            return workload.path("spec", *keys)
    terms = list(entries(get(workload.spec, *_REQUIRED), workload.path("spec", *_REQUIRED)))
    asked = [path for path, term in terms for path in _asks_for_windows(path, term)]
    return asked[0] if asked and len(asked) >= len(terms) else ()


_LABELS = ("kubernetes.io/os", "beta.kubernetes.io/os")
_REQUIRED = ("affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution", "nodeSelectorTerms")


def _asks_for_windows(path: Path, term: Mapping[str, Any]) -> Iterator[Path]:
    """Where a term of a node affinity allows Windows alone, at most once: one of several terms is enough for a node."""
    for place, expression in entries(term.get("matchExpressions"), (*path, "matchExpressions")):
        named = expression.get("key") in _LABELS and expression.get("operator") == "In"
        if named and texts(expression.get("values")) == ["windows"]:
            yield (*place, "values")
            return
