"""A principal that is written with `spiffe://` never matches: Istio puts the scheme before the value itself.

A DENY rule then denies no request, and an ALLOW rule allows none. Principals are TRUST-DOMAIN/ns/NAMESPACE/sa/ACCOUNT.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Path, Severity
from sailwright.lint.kinds import AUTHORIZATION_POLICY
from sailwright.lint.rule import Problem
from sailwright.mesh.queries.authorization_policies import conditions, sources
from sailwright.mesh.world import World
from sailwright.source.manifest import Manifest
from sailwright.source.untyped import items

ID = "authorization-principal-scheme"
KIND = AUTHORIZATION_POLICY
SEVERITY: Severity = "warning"
ALIASES: tuple[str, ...] = ()

BAD = """
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: cart, namespace: shop}
spec:
  action: DENY
  rules:
    - from:
        - source:
            principals: ["spiffe://cluster.local/ns/shop/sa/web"]  # finding
"""
GOOD = BAD.replace("spiffe://", "").replace("  # finding", "")

_SCHEME = "spiffe://"


def check(policy: Manifest, _: World) -> Iterator[Problem]:
    """The principals of sources, and the values of `source.principal`."""
    for path, written in _written(policy):
        if written.startswith(_SCHEME):
            yield Problem(
                policy,
                path,
                f"`{written}` never matches: Istio puts {_SCHEME} before it once more",
                f"write {written.removeprefix(_SCHEME)}",
            )


def _written(policy: Manifest) -> Iterator[tuple[Path, str]]:
    holders = [(path, source, key) for path, source in sources(policy) for key in ("principals", "notPrincipals")]
    holders += [
        (path, condition, key)
        for path, condition in conditions(policy)
        if condition.get("key") == "source.principal"
        for key in ("values", "notValues")
    ]
    for path, holder, key in holders:
        for position, written in enumerate(items(holder.get(key))):
            if isinstance(written, str):
                yield (*path, key, position), written
