"""A log level that is no log level ends up, unquoted, in the injector's template: it can add arguments or containers to the pod.

Up to Istio 1.31 the template writes `sidecar.istio.io/logLevel`, `componentLogLevel` and `agentLogLevel` as they are. Levels are
words, `component:level` pairs and commas.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import WORKLOAD
from sailwright.lint.rule import Problem
from sailwright.mesh.objects.workloads import Workload
from sailwright.mesh.world import World
from sailwright.runtime.regex import regex

ID = "sidecar-log-level-unsafe"
KIND = WORKLOAD
SEVERITY: Severity = "warning"
ALIASES: tuple[str, ...] = ()
REPLACES = ("annotation-invalid",)

BAD = r"""
apiVersion: apps/v1
kind: Deployment
metadata: {name: reviews, namespace: shop}
spec:
  template:
    metadata:
      annotations:
        sidecar.istio.io/logLevel: "debug\n    - --concurrency=64"  # finding
    spec: {containers: [{name: reviews, image: "reviews:1.0.0"}]}
"""

GOOD = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: reviews, namespace: shop}
spec:
  template:
    metadata:
      annotations:
        sidecar.istio.io/logLevel: debug
        sidecar.istio.io/componentLogLevel: "misc:error,http:debug"
    spec: {containers: [{name: reviews, image: "reviews:1.0.0"}]}
"""

ANNOTATIONS = (
    "sidecar.istio.io/logLevel",
    "sidecar.istio.io/componentLogLevel",
    "sidecar.istio.io/agentLogLevel",
)
_LEVELS = regex(r"[A-Za-z0-9_.:,-]*")


def check(workload: Workload, _: World) -> Iterator[Problem]:
    """The three annotations of pod templates."""
    for annotation in ANNOTATIONS:
        if not _LEVELS.fullmatch(workload.annotations.get(annotation, "")):
            yield Problem(
                workload.manifest,
                workload.path("metadata", "annotations", annotation),
                f"the value of {annotation} is no log level",
                "write levels only, as `debug` or `misc:error,http:debug`",
            )
