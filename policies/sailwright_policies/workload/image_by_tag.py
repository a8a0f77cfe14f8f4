"""A tag can be moved to another image: only a digest says which software runs in production.

The environments that are held to it are a parameter; without a project file every manifest is.
"""

from collections.abc import Iterator, Sequence

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import WORKLOAD
from sailwright.lint.rule import Example, Preset, Problem
from sailwright.mesh.objects.workloads import Workload
from sailwright.mesh.values.image import image
from sailwright.mesh.world import World

ID = "image-by-tag"
KIND = WORKLOAD
SEVERITY: Severity = "warning"
ALIASES: tuple[str, ...] = ()
PRESET: Preset = "optional"
PARAMETERS = {"environments": "the environments in which images need a digest"}

BAD = Example(
    """
apiVersion: apps/v1
kind: Deployment
metadata: {name: reviews, namespace: shop}
spec:
  template:
    spec:
      containers:
        - name: reviews
          image: registry.example.com/reviews:1.4.2  # finding
""",
    environment="prod",
)
GOOD = (
    Example(BAD.text.replace("  # finding", ""), environment="staging"),
    Example(BAD.text.replace(":1.4.2  # finding", f":1.4.2@sha256:{'0' * 64}"), environment="prod"),
)


def check(
    workload: Workload, mesh: World, *, environments: Sequence[str] = ("prod", "production", "live")
) -> Iterator[Problem]:
    """Images of application containers without a digest."""
    if mesh.environment is not None and mesh.environment not in environments:
        return
    for container in workload.applications:
        if container.image not in ("", "auto") and not image(container.image).digest:
            yield Problem(
                workload.manifest,
                (*container.path, "image"),
                f"the image {container.image} is named by tag",
                "add its digest: name:tag@sha256:...",
            )
