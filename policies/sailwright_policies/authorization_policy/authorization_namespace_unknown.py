"""A rule of an AuthorizationPolicy for a namespace that does not exist matches no caller: it allows or denies nothing.

`source.namespaces` compares the caller's identity, so a misspelt name matches no caller. Namespaces outside of the
repository are declared under `known.namespaces`; without it nothing is reported.
"""

from __future__ import annotations

from collections.abc import Iterator

from sailwright.diagnostics.finding import Path, Severity
from sailwright.diagnostics.suggestions import did_you_mean
from sailwright.lint.kinds import AUTHORIZATION_POLICY
from sailwright.lint.rule import Example, Problem
from sailwright.mesh.facts import Facts, Known
from sailwright.mesh.index import Index
from sailwright.mesh.queries.absence import no_object
from sailwright.mesh.queries.authorization_policies import sources
from sailwright.mesh.queries.namespaces import known_namespaces
from sailwright.mesh.values import kinds
from sailwright.mesh.world import World
from sailwright.source.manifest import Manifest
from sailwright.source.untyped import texts

ID = "authorization-namespace-unknown"
KIND = AUTHORIZATION_POLICY
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


def check(policy: Manifest, mesh: World) -> Iterator[Problem]:
    """Look the namespaces of each source up, the excluded ones too."""
    known = mesh.index.derived(_known)
    for path, pattern in _named(policy) if known is not None else ():
        if not any(_matches(pattern, name) for name in known or ()):
            remedy = did_you_mean(pattern, known or (), "correct it, or declare it under known.namespaces")
            yield Problem(
                policy,
                path,
                f"there is no namespace `{pattern}`",
                remedy,
                absent=no_object(kinds.NAMESPACE, None, pattern),
            )


def _known(index: Index) -> frozenset[str] | None:
    """The namespaces there are; the analyzers know those of manifests alone."""
    if index.facts.compat:
        return frozenset(manifest.name for manifest in index.of(kinds.NAMESPACE))
    return known_namespaces(index)


def _named(policy: Manifest) -> Iterator[tuple[Path, str]]:
    for path, source in sources(policy):
        for key in ("namespaces", "notNamespaces"):
            for position, pattern in enumerate(texts(source.get(key))):
                yield (*path, key, position), pattern


def _matches(pattern: str, name: str) -> bool:
    """`*`, `*-end` and `begin-*` are patterns; whole names are compared in any case."""
    if pattern.startswith("*"):
        return name.endswith(pattern[1:])
    if pattern.endswith("*"):
        return name.startswith(pattern[:-1])
    return name.lower() == pattern.lower()
