"""Several proxy releases in one namespace: some workloads were left behind by the last upgrade.

A baked proxy changes only with its manifest, so the ones that nobody touched keep an old release, with its faults, until
the control plane moves two minors ahead and they stop working together.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.rule import Problem
from sailwright.mesh.queries.proxies import BakedProxy, baked_proxies, dotted
from sailwright.mesh.world import World

ID = "proxy-versions-mixed"
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


def check(world: World) -> Iterator[Problem]:
    """Each baked proxy that is older than the newest one of its namespace."""
    newest: dict[str, BakedProxy] = {}
    found = tuple(baked_proxies(world.index.workloads))
    for proxy in found:
        namespace = proxy.workload.namespace
        if namespace not in newest or proxy.release > newest[namespace].release:
            newest[namespace] = proxy
    for proxy in found:
        leader = newest[proxy.workload.namespace]
        if proxy.release < leader.release:
            yield Problem(
                proxy.workload.manifest,
                (*proxy.container.path, "image"),
                f"proxy {dotted(proxy.release)} in a namespace where {leader.workload.name} runs {dotted(leader.release)}",
                f"bake this workload with {dotted(leader.release)} too",
                related=((leader.workload.manifest, (*leader.container.path, "image"), "the newest proxy"),),
            )
