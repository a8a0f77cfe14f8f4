"""Two PeerAuthentications for one thing: the older one holds, and a repository has no ages.

One without a selector is the default of its namespace (of the mesh, in the root namespace), and there can be one. Of two that
select the same workload one is ignored.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.rule import Problem
from sailwright.mesh.queries.peer_authentication import PeerAuthentication, peer_authentications
from sailwright.mesh.world import World
from sailwright.source.manifest import Manifest

ID = "peer-authentication-conflict"
SEVERITY: Severity = "error"
ALIASES: tuple[str, ...] = ("KIA0002", "KIA0003")

BAD = """
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: default, namespace: shop}
spec: {mtls: {mode: STRICT}}
---
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata:
  name: legacy  # finding
  namespace: shop
spec: {mtls: {mode: PERMISSIVE}}
"""

GOOD = """
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: default, namespace: shop}
spec: {mtls: {mode: STRICT}}
---
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: legacy, namespace: shop}
spec: {selector: {matchLabels: {app: legacy}}, mtls: {mode: PERMISSIVE}}
"""


def check(world: World) -> Iterator[Problem]:
    """Defaults of one namespace, and selectors that meet in a workload; the same name twice is one object."""
    defaults: dict[str, PeerAuthentication] = {}
    claimed: dict[Manifest, PeerAuthentication] = {}
    for found in peer_authentications(world.index):
        if not found.selector:
            other = defaults.setdefault(found.namespace, found)
            if other.manifest.name != found.manifest.name:
                yield _problem(found, other, f"namespace {found.namespace} has a default already")
            continue
        for workload in world.index.selected(found.selector, found.namespace):
            other = claimed.setdefault(workload.manifest, found)
            if other.manifest.name != found.manifest.name:
                yield _problem(
                    found, other, f"{workload.kind} {workload.name} is selected by another PeerAuthentication"
                )
                break


def _problem(found: PeerAuthentication, other: PeerAuthentication, what: str) -> Problem:
    return Problem(
        found.manifest,
        ("metadata", "name"),
        f"{what}, {other.manifest.name}: only the older of the two holds",
        "merge them into one",
        related=((other.manifest, ("metadata", "name"), "the other one"),),
    )
