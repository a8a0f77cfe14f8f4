"""A proxy that asks one control plane for its configuration and another for its certificate belongs to neither.

Three values name the control plane of a baked sidecar: the annotation `istio.io/rev`, `discoveryAddress` in PROXY_CONFIG
and the environment variable CA_ADDR. They come from three inputs (a flag, mesh config, values); when one is forgotten
during a revision upgrade, removing the old revision cuts the pods off.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import WORKLOAD
from sailwright.lint.rule import Problem
from sailwright.mesh.objects.workloads import Workload
from sailwright.mesh.queries.proxies import baked_proxy, revisions_named
from sailwright.mesh.world import World

ID = "proxy-revision-disagrees"
KIND = WORKLOAD
SEVERITY: Severity = "error"
ALIASES: tuple[str, ...] = ()

BAD = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: reviews, namespace: shop}
spec:
  template:
    metadata:
      annotations: {istio.io/rev: canary}
    spec:
      containers:
        - {name: reviews, image: "reviews:1.0.0"}
        - name: istio-proxy
          image: docker.io/istio/proxyv2:1.31.0
          env:
            - name: CA_ADDR
              value: istiod.istio-system.svc:15012  # finding
            - name: PROXY_CONFIG
              value: '{"discoveryAddress":"istiod-canary.istio-system.svc:15012"}'
"""

GOOD = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: reviews, namespace: shop}
spec:
  template:
    metadata:
      annotations: {istio.io/rev: canary}
    spec:
      containers:
        - {name: reviews, image: "reviews:1.0.0"}
        - name: istio-proxy
          image: docker.io/istio/proxyv2:1.31.0
          env:
            - name: CA_ADDR
              value: istiod-canary.istio-system.svc:15012
            - name: PROXY_CONFIG
              value: '{"discoveryAddress":"istiod-canary.istio-system.svc:15012"}'
"""


def check(workload: Workload, _: World) -> Iterator[Problem]:
    """What a baked proxy says about its revision, each against the first that says something."""
    proxy = baked_proxy(workload)
    named = tuple(revisions_named(proxy)) if proxy is not None else ()
    for other in named[1:]:
        if other.revision != named[0].revision:
            yield Problem(
                workload.manifest,
                other.path,
                f"{other.source} names the control plane of revision {other.revision}, but {named[0].source} says {named[0].revision}",
                "let the annotation istio.io/rev, discoveryAddress and CA_ADDR name one revision",
                related=((workload.manifest, named[0].path, f"{named[0].source} says {named[0].revision}"),),
            )
