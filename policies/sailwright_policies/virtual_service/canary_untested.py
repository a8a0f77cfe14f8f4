"""A split of the traffic without a test is a guess: nobody is told when an edit sends the canary to everybody.

`tests:` in service.yaml hold what must stay true: who sees the canary, and what share the others get. They run in every
environment, without a cluster.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.rule import Preset, Problem
from sailwright.mesh.world import World
from sailwright.source.untyped import entries, items, mapping, number

ID = "canary-untested"
SEVERITY: Severity = "info"
PRESET: Preset = "optional"
ALIASES: tuple[str, ...] = ()

BAD = """
apiVersion: sailwright/v1alpha1
name: reviews
namespace: shop
ports: [{name: http, port: 80, appProtocol: http}]
versions:  # finding
  - {name: v1, image: "reviews:1", weight: 90}
  - {name: v2, image: "reviews:2", weight: 10}
"""

GOOD = """
apiVersion: sailwright/v1alpha1
name: reviews
namespace: shop
ports: [{name: http, port: 80, appProtocol: http}]
versions:
  - {name: v1, image: "reviews:1", weight: 90}
  - {name: v2, image: "reviews:2", weight: 10}
tests:
  - {name: a tenth sees v2, expect: {weights: {v1: 90, v2: 10}}}
"""


def check(world: World) -> Iterator[Problem]:
    """Service files that split traffic and have no tests; of rendered objects the file that they come from."""
    message = "the versions share the traffic, and no test holds who gets what"
    remedy = "add `tests:`, as {name: a tenth sees v2, expect: {weights: {v1: 90, v2: 10}}}"
    for manifest in world.manifests:
        if manifest.api_version.startswith("sailwright/"):
            weights = [number(version.get("weight")) for _, version in entries(manifest.value.get("versions"), ())]
            if sum(weight > 0 for weight in weights) > 1 and not items(manifest.value.get("tests")):
                yield Problem(manifest, ("versions",), message, remedy, key=True)
    for service in world.index.virtual_services:
        origin = service.manifest.origin
        if origin is None or items(mapping(origin.document.value).get("tests")):
            continue
        splits = (path for path, rule in service.rules("http") if _splits(rule.get("route")))
        for path in list(splits)[:1]:
            yield Problem(service.manifest, (*path, "route"), message, remedy)


def _splits(route: object) -> bool:
    return sum(number(target.get("weight")) > 0 for _, target in entries(route, ())) > 1
