"""A ReferenceGrant from a namespace that does not exist lets nobody in; most often the name is misspelt.

Decided where sailwright.yaml says which namespaces there are (`known.namespaces`).
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.diagnostics.nearest import did_you_mean
from sailwright.lint.rule import Example, Problem
from sailwright.mesh.facts import Facts, Known
from sailwright.mesh.values import kinds
from sailwright.mesh.world import World
from sailwright.source.untyped import entries, text

ID = "reference-grant-namespace-unknown"
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


def check(world: World) -> Iterator[Problem]:
    """The namespaces of `from`."""
    known = world.facts.known.namespaces
    if known is None:
        return
    names = {*known, *world.index.namespaces}
    for manifest in world.index.of(kinds.REFERENCE_GRANT):
        for path, source in entries(manifest.spec.get("from"), ("spec", "from")):
            namespace = text(source.get("namespace"))
            if namespace and namespace not in names:
                remedy = did_you_mean(namespace, names, "correct it, or declare it under known.namespaces")
                yield Problem(manifest, (*path, "namespace"), f"there is no namespace {namespace}", remedy)
