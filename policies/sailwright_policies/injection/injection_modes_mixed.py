"""Baked and webhook-injected workloads in one namespace cannot both be right: its labels serve one of the two.

With the webhook on, baked pods are injected again; with the namespace labelled `istio-injection: disabled`, the others get no
sidecar at all. One namespace, one mode.
"""

from collections.abc import Iterator

from sailwright.finding import Severity
from sailwright.mesh.proxies import baked_proxies
from sailwright.mesh.workloads import INJECT, Workload
from sailwright.mesh.world import World
from sailwright.rule import Problem

ID = "injection-modes-mixed"
SEVERITY: Severity = "error"
ALIASES: tuple[str, ...] = ()

BAD = """
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {istio-injection: disabled}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: reviews, namespace: shop}
spec:
  template:
    metadata: {labels: {app: reviews}}
    spec:
      containers:
        - {name: reviews, image: "reviews:1.0.0"}
        - {name: istio-proxy, image: "docker.io/istio/proxyv2:1.31.0"}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: ratings, namespace: shop}
spec:
  template:
    metadata:
      labels:
        app: ratings
        sidecar.istio.io/inject: "true"  # finding
    spec: {containers: [{name: ratings, image: "ratings:1.0.0"}]}
"""

GOOD = """
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {istio-injection: disabled}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: reviews, namespace: shop}
spec:
  template:
    metadata: {labels: {app: reviews}}
    spec:
      containers:
        - {name: reviews, image: "reviews:1.0.0"}
        - {name: istio-proxy, image: "docker.io/istio/proxyv2:1.31.0"}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: ratings, namespace: shop}
spec:
  template:
    metadata: {labels: {app: ratings, sidecar.istio.io/inject: "false"}}
    spec: {containers: [{name: ratings, image: "ratings:1.0.0"}]}
"""


def check(world: World) -> Iterator[Problem]:
    """Workloads that ask for the webhook, in a namespace where another one is baked."""
    baked_in: dict[str, Workload] = {}
    for proxy in baked_proxies(world.index.workloads, unreleased=True):
        baked_in.setdefault(proxy.workload.namespace, proxy.workload)
    for workload in world.index.workloads:
        other = baked_in.get(workload.namespace)
        if other is None or workload.proxy is not None or workload.inject != "true":
            continue
        if workload.manifest.origin is not None and other.manifest.origin is not None:
            continue  # of two services, rendering says so
        yield Problem(
            workload.manifest,
            workload.path("metadata", "labels" if INJECT in workload.labels else "annotations", INJECT),
            f"{workload.name} asks the webhook for a sidecar, but {other.name} of the same namespace has one baked in",
            "use one mode in the namespace: `inject: build` or `inject: webhook` for all its services",
            related=((other.manifest, ("metadata", "name"), "baked in here"),),
        )
