"""A field that the release does not know is dropped or refused by its API server: the setting never takes effect.

Configuration is often written against the newest documentation. The releases are those of Istio's own
CustomResourceDefinitions; the oldest declared control plane decides.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.rule import Example, Problem
from sailwright.mesh.facts import Facts
from sailwright.mesh.queries.proxies import dotted, release_numbers
from sailwright.mesh.values.features import FEATURES
from sailwright.mesh.world import World

ID = "feature-not-in-release"
SEVERITY: Severity = "error"
ALIASES: tuple[str, ...] = ()
REPLACES = ("schema-violation", "kind-unknown")

BAD = Example(
    """
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: reviews, namespace: shop}
spec:
  host: reviews
  trafficPolicy:
    retryBudget:  # finding
      percent: 25
""",
    Facts(istio_version="1.26.8"),
)
GOOD = Example(BAD.text.replace("  # finding", ""), Facts(istio_version="1.27.9"))


def check(world: World) -> Iterator[Problem]:
    """The kinds, fields and values that came with a release newer than the oldest control plane."""
    planes = [release_numbers(release) for release in world.facts.control_planes.values()]
    oldest = min(planes, default=release_numbers(world.facts.istio_version))
    newer = [feature for feature in FEATURES if oldest and feature.since > oldest[:2]]
    for feature in newer:
        for manifest in world.index.of(feature.kind):
            for path in feature.uses(manifest):
                yield Problem(
                    manifest,
                    path,
                    f"{feature.name} came with Istio {dotted(feature.since)}, and the control plane runs {dotted(oldest)}",
                    f"remove it until every control plane runs {dotted(feature.since)} or newer",
                    key=True,
                )
