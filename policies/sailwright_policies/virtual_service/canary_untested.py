"""A split of the traffic without a test is a guess: no test fails when an edit sends all requests to the canary.

`tests:` in service.yaml hold what must stay true: who sees the canary, and what share the others get. They run in every
environment, without a cluster.
"""

from collections.abc import Iterable, Iterator
from itertools import islice

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import SERVICE_FILE, VIRTUAL_SERVICE
from sailwright.lint.rule import Preset, Problem
from sailwright.mesh.objects.routing import Entry, VirtualService
from sailwright.mesh.world import World
from sailwright.source.manifest import Manifest
from sailwright.source.untyped import entries, items, mapping, number

ID = "canary-untested"
KIND = SERVICE_FILE | VIRTUAL_SERVICE
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


MESSAGE = "the versions share the traffic, and no test holds who gets what"
REMEDY = "add `tests:`, as {name: a tenth sees v2, expect: {weights: {v1: 90, v2: 10}}}"


def check(subject: Manifest | VirtualService, _: World) -> Iterator[Problem]:
    """Service files that split traffic and have no tests; of rendered objects the file that they come from."""
    if isinstance(subject, VirtualService):
        origin = subject.manifest.origin
        if origin is not None and not items(mapping(origin.document.value).get("tests")):
            splits = (path for path, routes in subject.routes("http") if _splits(routes))
            for path in islice(splits, 1):
                yield Problem(subject.manifest, path, MESSAGE, REMEDY)
    elif _splits(entries(subject.value.get("versions"), ())) and not items(subject.value.get("tests")):
        yield Problem(subject, ("versions",), MESSAGE, REMEDY, key=True)


def _splits(shares: Iterable[Entry]) -> bool:
    return sum(number(share.get("weight")) > 0 for _, share in shares) > 1
