"""A release past its end of life gets no security fixes any more.

Istio supports a minor until six weeks after the second one that follows it. The dates are those that Istio has published.
"""

from collections.abc import Hashable, Iterator

from sailwright.diagnostics.finding import Path, Severity
from sailwright.lint.kinds import EACH_WORKLOAD, PROJECT
from sailwright.lint.rule import Problem
from sailwright.mesh.objects.workloads import Workload
from sailwright.mesh.queries.proxies import foreign_proxy
from sailwright.mesh.values.releases import LINES, Numbers, dotted, release_numbers
from sailwright.mesh.world import World
from sailwright.source.manifest import Manifest

ID = "istio-release-end-of-life"
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
        - name: istio-proxy
          image: docker.io/istio/proxyv2:1.26.8  # finding
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
        - name: istio-proxy
          image: docker.io/istio/proxyv2:1.31.0
"""


_REMEDY = "upgrade the control plane, one minor at a time, then rebake the proxies"


def _line(workload: Workload, mesh: World) -> Iterator[Hashable]:
    """The release line of its proxy."""
    proxy = foreign_proxy(workload, mesh)
    if proxy is not None:
        yield proxy.release[:2]


KIND = EACH_WORKLOAD.grouped_by(_line) | PROJECT


def check(subject: tuple[Workload, ...] | Manifest, mesh: World) -> Iterator[Problem]:
    """A release line past its end, once: at its first baked proxy and where sailwright.yaml names it."""
    if isinstance(subject, tuple):
        proxy = foreign_proxy(subject[0], mesh)
        fault = _fault(proxy.release[:2]) if proxy is not None else ""
        if proxy is not None and fault:
            others = f" ({len(subject)} workloads run it)" if len(subject) > 1 else ""
            yield Problem(subject[0].manifest, (*proxy.container.path, "image"), fault + others, _REMEDY)
        return
    for path, release in _declared(mesh):
        fault = _fault(release_numbers(release)[:2])
        if fault:
            yield Problem(subject, path, fault, _REMEDY)


def _fault(line: Numbers) -> str:
    """What is wrong with a release line; empty where it is supported, or none at all."""
    ends = {release_numbers(each.name): each.end_of_life for each in LINES}
    supported = min(numbers for numbers, end in ends.items() if not end)
    if not line or line >= supported:
        return ""
    since = f" since {ends[line]}" if ends.get(line) else ""
    return f"Istio {dotted(line)} has had no security fixes{since}"


def _declared(mesh: World) -> Iterator[tuple[Path, str]]:
    version = mesh.declared("istio", "version")
    if version is not None:
        yield version, mesh.facts.istio_version
    for revision, release in mesh.facts.control_planes.items():
        path = mesh.declared("istio", "controlPlanes", revision)
        if path is not None:
            yield path, release
