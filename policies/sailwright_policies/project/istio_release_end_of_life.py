"""A release past its end of life gets no security fixes any more.

Istio supports a minor until six weeks after the second one that follows it. The dates are those that Istio has published.
"""

from collections.abc import Iterator, Mapping

from sailwright.diagnostics.finding import Path, Severity
from sailwright.lint.rule import Problem
from sailwright.mesh.queries.proxies import BakedProxy, Numbers, dotted, foreign_proxies, release_numbers
from sailwright.mesh.values.releases import LINES
from sailwright.mesh.world import World

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


def check(world: World) -> Iterator[Problem]:
    """Each release line past its end, once: at its first baked proxy and where sailwright.yaml names it."""
    ended = {tuple(int(part) for part in line.name.split(".")): line.end_of_life for line in LINES if line.end_of_life}
    oldest_supported = min(tuple(int(part) for part in line.name.split(".")) for line in LINES if not line.end_of_life)
    found: dict[Numbers, list[BakedProxy]] = {}
    for proxy in foreign_proxies(world):
        found.setdefault(proxy.release[:2], []).append(proxy)
    for line, proxies in found.items():
        if line < oldest_supported:
            others = f" ({len(proxies)} workloads run it)" if len(proxies) > 1 else ""
            path = (*proxies[0].container.path, "image")
            yield Problem(proxies[0].workload.manifest, path, _message(line, ended) + others, _REMEDY)
    for path, release in _declared(world):
        line = release_numbers(release)[:2]
        if world.project is not None and line and line < oldest_supported:
            yield Problem(world.project, path, _message(line, ended), _REMEDY)


_REMEDY = "upgrade the control plane, one minor at a time, then rebake the proxies"


def _message(line: Numbers, ended: Mapping[Numbers, str]) -> str:
    since = f" since {ended[line]}" if line in ended else ""
    return f"Istio {dotted(line)} has had no security fixes{since}"


def _declared(world: World) -> Iterator[tuple[Path, str]]:
    version = world.declared("istio", "version")
    if version is not None:
        yield version, world.facts.istio_version
    for revision, release in world.facts.control_planes.items():
        path = world.declared("istio", "controlPlanes", revision)
        if path is not None:
            yield path, release
