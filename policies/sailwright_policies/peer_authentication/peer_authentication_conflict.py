"""Two PeerAuthentications for one thing: the older one holds, and a repository has no ages.

One without a selector is the default of its namespace (of the mesh, in the root namespace), and there can be one. Of two that
select the same workload one is ignored.
"""

from collections.abc import Iterator, Mapping

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import PEER_AUTHENTICATION
from sailwright.lint.rule import Problem
from sailwright.mesh.index import Index
from sailwright.mesh.queries.peer_authentication import (
    Mtls,
    peer_authentication,
    peer_authentications,
)
from sailwright.mesh.world import World
from sailwright.source.manifest import Manifest

ID = "peer-authentication-conflict"
KIND = PEER_AUTHENTICATION
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


def check(manifest: Manifest, mesh: World) -> Iterator[Problem]:
    """A second default of a namespace, and a selector that meets another in a workload; the same name twice is one object."""
    index, own = mesh.index, peer_authentication(manifest, mesh.index)
    if not own.selector:
        first = index.derived(Mtls).defaults(own.namespace)[0].manifest
        if first.name != manifest.name:
            yield _problem(manifest, first, f"namespace {own.namespace} has a default already")
        return
    for workload in index.selected(own.selector, own.namespace):
        first = index.derived(_claims)[workload.manifest]
        if first.name != manifest.name:
            yield _problem(
                manifest, first, f"{workload.kind} {workload.name} is selected by another PeerAuthentication"
            )
            return


def _claims(index: Index) -> Mapping[Manifest, Manifest]:
    """The first PeerAuthentication that selects each workload. One that meets another claims no more workloads."""
    first: dict[Manifest, Manifest] = {}
    for own in peer_authentications(index):
        for workload in index.selected(own.selector, own.namespace) if own.selector else ():
            if first.setdefault(workload.manifest, own.manifest).name != own.manifest.name:
                break
    return first


def _problem(manifest: Manifest, first: Manifest, what: str) -> Problem:
    return Problem(
        manifest,
        ("metadata", "name"),
        f"{what}, {first.name}: only the older of the two holds",
        "merge them into one",
        related=((first, ("metadata", "name"), "the other one"),),
    )
