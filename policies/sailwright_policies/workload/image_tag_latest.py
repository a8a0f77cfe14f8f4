"""An image without a fixed tag changes under the deployed version: two pods of one subset may run different code.

`latest`, or no tag at all, is resolved when a node pulls. A rollback then brings back the manifest and not the software.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import WORKLOAD
from sailwright.lint.rule import Problem
from sailwright.mesh.objects.workloads import Workload
from sailwright.mesh.values.image import image
from sailwright.mesh.world import World

ID = "image-tag-latest"
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
        - name: reviews
          image: registry.example.com/reviews:latest  # finding
"""

GOOD = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: reviews, namespace: shop}
spec:
  template:
    spec:
      containers:
        - name: reviews
          image: registry.example.com/reviews:1.4.2
"""


def check(workload: Workload, _: World) -> Iterator[Problem]:
    """Images of application containers; `auto` is for the injector, and a variable is no image yet."""
    for container in workload.applications:
        reference = image(container.image)
        if not container.image or container.image == "auto" or "$" in container.image or "{{" in container.image:
            continue
        if reference.tag in ("", "latest") and not reference.digest:
            yield Problem(
                workload.manifest,
                (*container.path, "image"),
                f"the image {container.image} has {'the tag latest' if reference.tag else 'no tag'}",
                "write the tag of a release, or a digest",
            )
