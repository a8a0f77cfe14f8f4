"""An object exported to a namespace that does not exist is not visible anywhere else; most often the name is misspelt.

Decided where sailwright.yaml says which namespaces there are (`known.namespaces`, or `namespaces`).
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.diagnostics.suggestions import did_you_mean
from sailwright.lint.kinds import objects
from sailwright.lint.rule import Example, Problem
from sailwright.mesh.facts import Facts, Known
from sailwright.mesh.queries.absence import no_object
from sailwright.mesh.queries.namespaces import known_namespaces
from sailwright.mesh.values import kinds
from sailwright.mesh.world import World
from sailwright.source.manifest import Manifest
from sailwright.source.untyped import items

ID = "export-to-unknown-namespace"
KIND = objects(kinds.VIRTUAL_SERVICE, kinds.DESTINATION_RULE, kinds.SERVICE_ENTRY)
SEVERITY: Severity = "error"
ALIASES: tuple[str, ...] = ("KIA0005",)

BAD = Example(
    """
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: reviews, namespace: shop}
spec:
  exportTo:
    - .
    - checkuot  # finding
  hosts: [reviews]
  http: [{route: [{destination: {host: reviews}}]}]
""",
    Facts(known=Known(namespaces=("shop", "checkout"))),
)
GOOD = Example(BAD.text.replace("checkuot  # finding", "checkout"), BAD.facts)


def check(exported: Manifest, mesh: World) -> Iterator[Problem]:
    """exportTo of a VirtualService, DestinationRule or ServiceEntry."""
    known = mesh.index.derived(known_namespaces)
    names = items(exported.spec.get("exportTo")) if known is not None else ()
    for position, name in enumerate(names):
        if isinstance(name, str) and name not in (".", "*", "~") and name not in (known or ()):
            yield Problem(
                exported,
                ("spec", "exportTo", position),
                f"there is no namespace {name}: nobody sees this {exported.kind} there",
                did_you_mean(name, known or (), "correct the name, or declare the namespace under known.namespaces"),
                absent=no_object(kinds.NAMESPACE, None, name),
            )
