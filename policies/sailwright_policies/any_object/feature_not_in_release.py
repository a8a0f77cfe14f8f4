"""A field that the release does not know is dropped or refused by its API server: the setting never takes effect.

Configuration is often written against the newest documentation. The releases are those of Istio's own
CustomResourceDefinitions; the oldest declared control plane decides.
"""

from collections.abc import Iterator, Mapping

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import objects
from sailwright.lint.rule import Example, Problem
from sailwright.mesh.facts import Facts
from sailwright.mesh.index import Index
from sailwright.mesh.values import kinds
from sailwright.mesh.values.features import FEATURES, Feature
from sailwright.mesh.values.releases import Numbers, dotted, release_numbers
from sailwright.mesh.world import World
from sailwright.source.manifest import Manifest

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


KIND = objects(*dict.fromkeys(feature.kind for feature in FEATURES))


def check(manifest: Manifest, mesh: World) -> Iterator[Problem]:
    """The kinds, fields and values that came with a release newer than the oldest control plane."""
    oldest, newer = mesh.index.derived(_newer)
    for feature in newer.get(kinds.kind_of(manifest.api_version, manifest.kind), ()):
        for path in feature.uses(manifest):
            yield Problem(
                manifest,
                path,
                f"{feature.name} came with Istio {dotted(feature.since)}, and the control plane runs {dotted(oldest)}",
                f"remove it until every control plane runs {dotted(feature.since)} or newer",
                key=True,
            )


def _newer(index: Index) -> tuple[Numbers, Mapping[str, list[Feature]]]:
    """The oldest control plane, and what it does not know of each kind."""
    planes = [release_numbers(release) for release in index.facts.control_planes.values()]
    oldest = min(planes, default=release_numbers(index.facts.istio_version))
    newer: dict[str, list[Feature]] = {}
    for feature in FEATURES:
        if oldest and feature.since > oldest[:2]:
            newer.setdefault(feature.kind, []).append(feature)
    return oldest, newer
