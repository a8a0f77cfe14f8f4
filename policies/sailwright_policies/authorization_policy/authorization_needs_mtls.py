"""Without mTLS, callers have no identity: rules on principals and namespaces match no connection.

A source's principal, namespace and service account come from its certificate. Where a PeerAuthentication disables mTLS for the
target, an ALLOW rule on them refuses all requests, and a DENY rule refuses none.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Path, Severity
from sailwright.lint.kinds import AUTHORIZATION_POLICY
from sailwright.lint.rule import Problem
from sailwright.mesh.objects.selectors import match_labels
from sailwright.mesh.queries.authorization_policies import conditions, sources
from sailwright.mesh.queries.peer_authentication import Mtls
from sailwright.mesh.world import World
from sailwright.source.manifest import Manifest
from sailwright.source.untyped import text

ID = "authorization-needs-mtls"
KIND = AUTHORIZATION_POLICY
SEVERITY: Severity = "error"
ALIASES: tuple[str, ...] = ("KIA0105",)

BAD = """
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: default, namespace: shop}
spec: {mtls: {mode: DISABLE}}
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: reviews, namespace: shop}
spec:
  rules:
    - from:
        - source:
            principals: [cluster.local/ns/shop/sa/productpage]  # finding
"""

GOOD = """
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: default, namespace: shop}
spec: {mtls: {mode: STRICT}}
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: reviews, namespace: shop}
spec:
  rules:
    - from:
        - source:
            principals: [cluster.local/ns/shop/sa/productpage]
"""

IDENTITY = ("principals", "notPrincipals", "namespaces", "notNamespaces", "serviceAccounts", "notServiceAccounts")


def check(policy: Manifest, mesh: World) -> Iterator[Problem]:
    """Identities in a policy of a namespace whose default is DISABLE, where all selected workloads follow it."""
    mtls, namespace = mesh.index.derived(Mtls), mesh.index.namespace_of(policy)
    modes = [mtls.declared(workload) for workload in mesh.index.selected(match_labels(policy), namespace)]
    disabled = next(iter(modes), None) if modes else mtls.of_namespace(namespace)
    if disabled is None or any(mode is None or mode.mode != "DISABLE" for mode in (disabled, *modes)):
        return
    for path, key in _identities(policy):
        yield Problem(
            policy,
            path,
            f"{key} match nobody: mTLS is disabled here, so callers have no identity",
            "let the workloads accept mTLS (STRICT or PERMISSIVE), or match on ipBlocks",
            related=((disabled.manifest, disabled.path, "mTLS is disabled here"),),
            key=True,
        )


def _identities(policy: Manifest) -> Iterator[tuple[Path, str]]:
    for path, source in sources(policy):
        yield from (((*path, key), key) for key in IDENTITY if key in source)
    for path, condition in conditions(policy):
        if condition.get("key") in ("source.principal", "source.namespace", "source.serviceAccount"):
            yield (*path, "key"), text(condition["key"])
