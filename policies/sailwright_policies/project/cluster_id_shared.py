"""Two clusters of one mesh under one clusterId are one cluster to Istio.

Proxies send this name to istiod to say in which cluster they run. With one name for two, endpoints of either cluster are taken
for local ones, and locality, `topology.istio.io/cluster` and failover decide wrongly.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Path, Severity
from sailwright.lint.kinds import PROJECT
from sailwright.lint.rule import Example, Problem
from sailwright.mesh.world import World
from sailwright.source.manifest import Manifest
from sailwright.source.untyped import get, mapping, text

ID = "cluster-id-shared"
KIND = PROJECT
SEVERITY: Severity = "warning"
ALIASES: tuple[str, ...] = ()

BAD = Example(
    """
apiVersion: sailwright/v1alpha1
services: [services/*/service.yaml]
environments:
  prod:
    clusters:
      east:
        clusterId: prod-1
      west:
        clusterId: prod-1  # finding
""",
    environment="prod",
)
GOOD = Example(BAD.text.replace("prod-1  # finding", "prod-2"), environment="prod")


def check(project: Manifest, mesh: World) -> Iterator[Problem]:
    """The clusters of this world's environment; one without a clusterId has that of its environment or project."""
    environment = mesh.environment or ""
    first: dict[str, tuple[str, Path]] = {}
    for name in mapping(get(project.value, "environments", environment, "clusters")):
        path = _written(project, environment, str(name))
        written = text(get(project.value, *map(str, path))) if path else ""
        if not written:
            continue
        other, before = first.setdefault(written, (str(name), path))
        if other != name:
            yield Problem(
                project,
                path,
                f"clusters {other} and {name} of {environment} have one clusterId, {written}",
                "give each cluster of a mesh a name of its own",
                related=((project, before, f"cluster {other}"),) if before != path else (),
            )


def _written(project: Manifest, environment: str, cluster: str) -> Path:
    """Where the clusterId of a cluster is written; empty where it is not."""
    own = ("environments", environment, "clusters", cluster)
    places: tuple[Path, ...] = (
        (*own, "clusterId"),
        (*own, "istio", "clusterId"),
        ("environments", environment, "istio", "clusterId"),
        ("istio", "clusterId"),
    )
    return next((path for path in places if text(get(project.value, *map(str, path)))), ())
