"""Without mTLS nobody has an identity: rules on principals and namespaces match no connection.

A source's principal, namespace and service account come from its certificate. Where a PeerAuthentication disables mTLS for the
target, an ALLOW rule on them refuses everyone, and a DENY rule nobody.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Path, Severity
from sailwright.lint.rule import Problem
from sailwright.mesh.queries.peer_authentication import Mtls
from sailwright.mesh.values import kinds
from sailwright.mesh.world import World
from sailwright.source.manifest import Manifest
from sailwright.source.untyped import entries, get, labels, mapping, text

ID = "authorization-needs-mtls"
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


def check(world: World) -> Iterator[Problem]:
    """Identities in policies of namespaces whose default is DISABLE, and all of whose selected workloads follow it."""
    mtls = Mtls(world.index)
    for manifest in world.index.of(kinds.AUTHORIZATION_POLICY):
        namespace = world.index.namespace_of(manifest)
        selector = labels(get(manifest.spec, "selector", "matchLabels"))
        modes = [mtls.declared(workload) for workload in world.index.selected(selector, namespace)]
        disabled = next(iter(modes), None) if modes else mtls.of_namespace(namespace)
        if disabled is None or any(mode is None or mode.mode != "DISABLE" for mode in (disabled, *modes)):
            continue
        for path, key in _identities(manifest):
            yield Problem(
                manifest,
                path,
                f"{key} match nobody: mTLS is disabled here, so callers have no identity",
                "let the workloads accept mTLS (STRICT or PERMISSIVE), or match on ipBlocks",
                related=((disabled.manifest, disabled.path, "mTLS is disabled here"),),
                key=True,
            )


def _identities(manifest: Manifest) -> Iterator[tuple[Path, str]]:
    for rule_path, rule in entries(manifest.spec.get("rules"), ("spec", "rules")):
        for path, source in entries(rule.get("from"), (*rule_path, "from")):
            found = mapping(source.get("source"))
            yield from (((*path, "source", key), key) for key in IDENTITY if key in found)
        for path, condition in entries(rule.get("when"), (*rule_path, "when")):
            if condition.get("key") in ("source.principal", "source.namespace", "source.serviceAccount"):
                yield (*path, "key"), text(condition["key"])
