"""Two PeerAuthentications for one thing: the older one holds, and a repository has no ages.

One without a selector is the default of its namespace (of the mesh, in the root namespace), and there can be one. Of two that
select the same workload one is ignored.
"""

from collections.abc import Iterator, Mapping

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import PEER_AUTHENTICATION
from sailwright.lint.rule import Problem
from sailwright.mesh.index import Index
from sailwright.mesh.objects.run_time_labels import may_share_a_pod
from sailwright.mesh.objects.selectors import selector_text
from sailwright.mesh.queries.peer_authentication import (
    Mtls,
    PeerAuthentication,
    peer_authentication,
    peer_authentications,
)
from sailwright.mesh.world import World
from sailwright.source.manifest import Manifest

ID = "peer-authentication-conflict"
KIND = PEER_AUTHENTICATION
SEVERITY: Severity = "error"
ALIASES: tuple[str, ...] = ("KIA0002", "KIA0003")

BAD = (
    """
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
""",
    """
apiVersion: apps/v1
kind: Deployment
metadata: {name: cart, namespace: shop}
spec: {template: {metadata: {labels: {app: cart, tier: web}}}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: front, namespace: shop}
spec: {template: {metadata: {labels: {tier: web, zone: public}}}}
---
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: cart, namespace: shop}
spec: {selector: {matchLabels: {app: cart}}, mtls: {mode: STRICT}}
---
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata:
  name: web  # finding
  namespace: shop
spec: {selector: {matchLabels: {tier: web}}, mtls: {mode: STRICT}}
---
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata:
  name: public  # finding
  namespace: shop
spec: {selector: {matchLabels: {zone: public}}, mtls: {mode: PERMISSIVE}}
---
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata:
  name: public-ports  # finding
  namespace: shop
spec: {selector: {matchLabels: {zone: public}}, portLevelMtls: {8080: {mode: DISABLE}}}
""",
)

_DEFAULT_AND_OWN = """
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
_BY_POD = """
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db, namespace: shop}
spec:
  template: {metadata: {labels: {app: db, sidecar.istio.io/inject: "true"}}}
---
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: first, namespace: shop}
spec: {selector: {matchLabels: {statefulset.kubernetes.io/pod-name: db-0}}, mtls: {mode: STRICT}}
---
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: second, namespace: shop}
spec: {selector: {matchLabels: {statefulset.kubernetes.io/pod-name: db-1}}, mtls: {mode: PERMISSIVE}}
"""
GOOD = (_DEFAULT_AND_OWN, _BY_POD)


def check(manifest: Manifest, mesh: World) -> Iterator[Problem]:
    """A second default of a namespace, and a selector that meets another in a workload; the same name twice is one object."""
    index, own = mesh.index, peer_authentication(manifest, mesh.index)
    if not own.selector:
        first = index.derived(Mtls).defaults(own.namespace)[0].manifest
        if first.name != manifest.name:
            yield _problem(manifest, first, f"namespace {own.namespace} has a default already")
        return
    twin = index.derived(_selectors)[own.namespace, frozenset(own.selector.items())]
    if twin.name != manifest.name:
        yield _problem(manifest, twin, f"the labels {selector_text(own.selector)} have a PeerAuthentication already")
        return
    for workload in index.selected(own.selector, own.namespace):
        claims = index.derived(_claims)[workload.manifest]
        first = next(claim.manifest for claim in claims if may_share_a_pod(claim.selector, own.selector))
        if first.name != manifest.name:
            yield _problem(
                manifest, first, f"{workload.kind} {workload.name} is selected by another PeerAuthentication"
            )
            return


def _claims(index: Index) -> Mapping[Manifest, list[PeerAuthentication]]:
    """The PeerAuthentications that select each workload, or pods of it."""
    found: dict[Manifest, list[PeerAuthentication]] = {}
    for own in peer_authentications(index):
        for workload in index.selected(own.selector, own.namespace) if own.selector else ():
            found.setdefault(workload.manifest, []).append(own)
    return found


def _selectors(index: Index) -> Mapping[tuple[str, frozenset[tuple[str, str]]], Manifest]:
    """The first PeerAuthentication of each selector: of two that are equal one holds, whatever they select."""
    first: dict[tuple[str, frozenset[tuple[str, str]]], Manifest] = {}
    for own in peer_authentications(index):
        first.setdefault((own.namespace, frozenset(own.selector.items())), own.manifest)
    return first


def _problem(manifest: Manifest, first: Manifest, what: str) -> Problem:
    return Problem(
        manifest,
        ("metadata", "name"),
        f"{what}, {first.name}: only the older of the two holds",
        "merge them into one",
        related=((first, ("metadata", "name"), "the other one"),),
    )
