"""A ReferenceGrant from a namespace that does not exist allows no reference; most often the name is misspelt.

Decided where sailwright.yaml says which namespaces there are (`known.namespaces`).
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.diagnostics.suggestions import did_you_mean
from sailwright.lint.kinds import REFERENCE_GRANT
from sailwright.lint.rule import Example, Problem
from sailwright.mesh.facts import Facts, Known
from sailwright.mesh.queries.absence import no_object
from sailwright.mesh.values import kinds
from sailwright.mesh.world import World
from sailwright.source.manifest import Manifest
from sailwright.source.untyped import entries, text

ID = "reference-grant-namespace-unknown"
KIND = REFERENCE_GRANT
SEVERITY: Severity = "error"
ALIASES: tuple[str, ...] = ("KIA1601",)

BAD = Example(
    """
apiVersion: gateway.networking.k8s.io/v1beta1
kind: ReferenceGrant
metadata: {name: from-shop, namespace: books}
spec:
  from:
    - group: gateway.networking.k8s.io
      kind: HTTPRoute
      namespace: shpo  # finding
  to: [{group: "", kind: Service}]
""",
    Facts(known=Known(namespaces=("shop", "books"))),
)
GOOD = Example(BAD.text.replace("shpo  # finding", "shop"), BAD.facts)


def check(grant: Manifest, mesh: World) -> Iterator[Problem]:
    """The namespaces of `from`."""
    known, declared = mesh.facts.known.namespaces, mesh.index.namespaces
    for path, source in entries(grant.spec.get("from"), ("spec", "from")) if known is not None else ():
        namespace = text(source.get("namespace"))
        if namespace and namespace not in (known or ()) and namespace not in declared:
            names = (*(known or ()), *declared)
            remedy = did_you_mean(namespace, names, "correct it, or declare it under known.namespaces")
            yield Problem(
                grant,
                (*path, "namespace"),
                f"there is no namespace {namespace}",
                remedy,
                absent=no_object(kinds.NAMESPACE, None, namespace),
            )
