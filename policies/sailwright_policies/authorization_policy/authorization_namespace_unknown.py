"""An AuthorizationPolicy that names a namespace which does not exist lets nobody in, or keeps nobody out.

`source.namespaces` compares the caller's identity, so a misspelt name matches no caller. Namespaces outside of the
repository are declared under `known.namespaces`; without it nothing is reported.
"""

from __future__ import annotations

from collections.abc import Iterator

from sailwright.diagnostics.finding import Path, Severity
from sailwright.diagnostics.nearest import did_you_mean
from sailwright.lint.rule import Example, Problem
from sailwright.mesh.facts import Facts, Known
from sailwright.mesh.index import Index
from sailwright.mesh.queries.istioctl_compat import shown
from sailwright.mesh.values import kinds
from sailwright.mesh.world import World
from sailwright.source.manifest import Manifest
from sailwright.source.untyped import entries, mapping, texts

ID = "authorization-namespace-unknown"
SEVERITY: Severity = "error"
ALIASES = ("IST0101", "KIA0101")
BAD = Example(
    """
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: cart, namespace: shop}
spec:
  rules:
    - from:
        - source:
            namespaces:
              - shpo  # finding
""",
    Facts(known=Known(namespaces=("shop", "pay"))),
)
GOOD = Example(
    """
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: cart, namespace: shop}
spec:
  rules:
    - from: [{source: {namespaces: [shop, "pa*"]}}]
""",
    Facts(known=Known(namespaces=("shop", "pay"))),
)


def check(world: World) -> Iterator[Problem]:
    """Look the namespaces of each source up, the excluded ones too."""
    index = world.index
    known = _known(index)
    for policy in index.of(kinds.AUTHORIZATION_POLICY) if known is not None else ():
        for path, pattern in _sources(policy):
            if not any(_matches(pattern, name) for name in known or ()):
                remedy = did_you_mean(pattern, known or (), "correct it, or declare it under known.namespaces")
                place = _shown(policy, path) if index.facts.compat else path
                yield Problem(policy, place, f"there is no namespace `{pattern}`", remedy)


def _known(index: Index) -> set[str] | None:
    """The namespaces there are; None where the repository does not tell them all."""
    declared = {manifest.name for manifest in index.of(kinds.NAMESPACE)}
    if index.facts.compat:
        return declared
    if index.facts.known.namespaces is None:
        return None
    return declared | set(index.namespaces) | set(index.facts.known.namespaces)


def _sources(policy: Manifest) -> Iterator[tuple[Path, str]]:
    for rule_path, rule in entries(policy.spec.get("rules"), ("spec", "rules")):
        for path, origin in entries(rule.get("from"), (*rule_path, "from")):
            source = mapping(origin.get("source"))
            for key in ("namespaces", "notNamespaces"):
                for position, pattern in enumerate(texts(source.get(key))):
                    yield (*path, "source", key, position), pattern


def _matches(pattern: str, name: str) -> bool:
    """`*`, `*-end` and `begin-*` are patterns; whole names are compared in any case."""
    if pattern.startswith("*"):
        return name.endswith(pattern[1:])
    if pattern.endswith("*"):
        return name.startswith(pattern[:-1])
    return name.lower() == pattern.lower()


def _shown(policy: Manifest, path: Path) -> Path:
    """The analyzers show an excluded namespace at the place it would have among the others."""
    return shown(policy, *path[:-2], "namespaces", path[-1])
