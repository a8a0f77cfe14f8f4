"""A proxy newer than its control plane, or more than one minor behind it, is a combination nobody has tested.

Istio supports a control plane that is one minor ahead of its proxies, and no proxy ahead of its control plane: upgrade
istiod first, then rebake. A baked proxy stays what it is until its manifest changes, so the skew has to be seen in review.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.rule import Example, Problem
from sailwright.mesh.facts import Facts
from sailwright.mesh.queries.proxies import Numbers, dotted, foreign_proxies, release_numbers, revision_of
from sailwright.mesh.world import World

ID = "proxy-version-skew"
SEVERITY: Severity = "error"
ALIASES: tuple[str, ...] = ()
PARAMETERS = {"exact": "whether proxy and control plane have to be the very same release"}

BAD = (
    Example(
        """
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
          image: docker.io/istio/proxyv2:1.31.0  # finding
""",
        Facts(control_planes={"default": "1.31.0", "canary": "1.30.3"}),
    ),
    Example(
        """
apiVersion: sailwright/v1alpha1
istio:
  version: 1.29.6  # finding
  controlPlanes: {default: 1.31.0}
""",
        Facts(istio_version="1.29.6", control_planes={"default": "1.31.0"}),
    ),
)
GOOD = Example(
    """
apiVersion: apps/v1
kind: Deployment
metadata: {name: reviews, namespace: shop}
spec:
  template:
    metadata:
      annotations: {istio.io/rev: default}
    spec:
      initContainers:
        - name: istio-proxy
          image: docker.io/istio/proxyv2:1.30.3-distroless
          restartPolicy: Always
      containers:
        - {name: reviews, image: "reviews:1.0.0"}
""",
    Facts(control_planes={"default": "1.31.0"}),
)


def check(world: World, *, exact: bool = False) -> Iterator[Problem]:
    """Baked proxies, and the release that sailwright.yaml bakes, against the control plane of their revision."""
    planes = world.facts.control_planes
    for proxy in foreign_proxies(world):
        revision = revision_of(proxy.workload) or world.facts.revision
        fault = _fault(proxy.release, release_numbers(planes.get(revision, "")), exact=exact)
        if fault:
            yield Problem(
                proxy.workload.manifest,
                (*proxy.container.path, "image"),
                f"proxy {dotted(proxy.release)} {fault} of revision {revision}, {planes[revision]}",
                _remedy(planes[revision], exact=exact),
                severity=_severity(proxy.release, release_numbers(planes[revision]), exact=exact),
            )
    path = world.declared("istio", "version")
    plane = planes.get(world.facts.revision, "")
    baked = release_numbers(world.facts.istio_version)
    fault = _fault(baked, release_numbers(plane), exact=exact)
    if world.project is not None and path is not None and fault:
        message = f"istio.version {dotted(baked)} {fault} of revision {world.facts.revision}, {plane}"
        severity = _severity(baked, release_numbers(plane), exact=exact)
        yield Problem(world.project, path, message, _remedy(plane, exact=exact), severity=severity)


def _fault(proxy: Numbers, plane: Numbers, *, exact: bool) -> str:
    if not proxy or not plane:
        return ""
    if proxy[:2] > plane[:2] or (len(proxy) == len(plane) and proxy > plane):
        return "is ahead of the control plane"
    if proxy[0] != plane[0] or plane[1] - proxy[1] > 1:
        return "is more than one minor behind the control plane"
    return "is not exactly the release of the control plane" if exact and proxy != plane else ""


def _severity(proxy: Numbers, plane: Numbers, *, exact: bool) -> Severity | None:
    """A patch ahead of its control plane is out of order, and rarely more than that."""
    return "warning" if proxy[:2] == plane[:2] and not exact else None


def _remedy(plane: str, *, exact: bool) -> str:
    numbers = release_numbers(plane)
    if exact:
        return f"bake {plane}"
    return f"bake {numbers[0]}.{numbers[1]} or {numbers[0]}.{numbers[1] - 1}, or upgrade the control plane first"
