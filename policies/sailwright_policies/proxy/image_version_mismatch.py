"""A `version` label that contradicts the image makes canary weights, metrics and rollbacks refer to the wrong release.

Subsets select by label: if the label is v1.4.0 and the image is 1.5.0, only one of the two was changed.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import WORKLOAD
from sailwright.lint.rule import Problem
from sailwright.mesh.objects.workloads import Workload
from sailwright.mesh.values.image import Image, image
from sailwright.mesh.world import World
from sailwright.runtime.regex import regex

ID = "image-version-mismatch"
KIND = WORKLOAD
SEVERITY: Severity = "warning"
ALIASES: tuple[str, ...] = ()

BAD = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: reviews, namespace: shop}
spec:
  template:
    metadata: {labels: {app: reviews, version: v1.4.0}}
    spec:
      containers:
        - name: reviews
          image: registry.example.com/reviews:1.5.0  # finding
"""

GOOD = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: reviews, namespace: shop}
spec:
  template:
    metadata: {labels: {app: reviews, version: v1}}
    spec:
      containers:
        - name: reviews
          image: registry.example.com/reviews-v1:1.20.3
"""

_LABEL = regex(r"v?(\d+(?:\.\d+)*)")
_NAME = regex(r".*-v(\d+(?:\.\d+)*)")
_TAG = regex(r"v(\d+)|v?(\d+(?:\.\d+)+)")
"""A tag of digits alone is a build number as often as a version."""


def check(workload: Workload, _: World) -> Iterator[Problem]:
    """Workloads with one application container whose image states a version as precise as the label's, and another one."""
    label = _LABEL.fullmatch(workload.labels.get("version", ""))
    main = [container for container in workload.applications if not container.init]
    if label is None or len(main) != 1:
        return
    for stated in _stated(image(main[0].image)):
        if stated.count(".") == label[1].count(".") and stated != label[1]:
            yield Problem(
                workload.manifest,
                (*main[0].path, "image"),
                f"the pods are labelled version {workload.labels['version']}, but the image is of {stated}",
                "change the label (and the subset that selects it) together with the image",
                severity=None if "." in stated else "info",  # `v1` may name a subset of the mesh, not a release
            )


def _stated(reference: Image) -> Iterator[str]:
    for match in (_NAME.fullmatch(reference.name), _TAG.fullmatch(reference.tag)):
        if match:
            yield next(group for group in match.groups() if group)
