"""Several proxy releases in one namespace: some workloads were left behind by the last upgrade.

A baked proxy changes only with its manifest. Workloads that are not rebuilt keep an old release, with its bugs, until
the control plane moves two minors ahead and they stop working together.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import WORKLOAD
from sailwright.lint.rule import Problem
from sailwright.mesh.objects.workloads import Workload
from sailwright.mesh.queries.proxies import baked_proxy, newest_proxies
from sailwright.mesh.values.releases import dotted
from sailwright.mesh.world import World

ID = "proxy-versions-mixed"
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
        - {name: reviews, image: "reviews:1.0.0"}
        - {name: istio-proxy, image: "docker.io/istio/proxyv2:1.31.0"}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: ratings, namespace: shop}
spec:
  template:
    spec:
      containers:
        - {name: ratings, image: "ratings:1.0.0"}
        - {name: istio-proxy, image: "docker.io/istio/proxyv2:1.30.3"}  # finding
"""

GOOD = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: reviews, namespace: shop}
spec:
  template:
    spec:
      containers:
        - {name: reviews, image: "reviews:1.0.0"}
        - {name: istio-proxy, image: "docker.io/istio/proxyv2:1.31.0"}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: ratings, namespace: books}
spec:
  template:
    spec:
      containers:
        - {name: ratings, image: "ratings:1.0.0"}
        - {name: istio-proxy, image: "docker.io/istio/proxyv2:1.30.3"}
"""


def check(workload: Workload, mesh: World) -> Iterator[Problem]:
    """A baked proxy that is older than the newest one of its namespace."""
    proxy = baked_proxy(workload)
    newest = mesh.index.derived(newest_proxies).get(workload.namespace)
    if proxy is not None and newest is not None and () < proxy.release < newest.release:
        yield Problem(
            workload.manifest,
            (*proxy.container.path, "image"),
            f"proxy {dotted(proxy.release)} in a namespace where {newest.workload.name} runs {dotted(newest.release)}",
            f"bake this workload with {dotted(newest.release)} too",
            related=((newest.workload.manifest, (*newest.container.path, "image"), "the newest proxy"),),
        )
