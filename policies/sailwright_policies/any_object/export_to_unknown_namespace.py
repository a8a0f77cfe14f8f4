"""Something exported to a namespace that does not exist is seen by nobody there; most often the name is misspelt.

Decided where sailwright.yaml says which namespaces there are (`known.namespaces`, or `namespaces`).
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.diagnostics.nearest import did_you_mean
from sailwright.lint.rule import Example, Problem
from sailwright.mesh.facts import Facts, Known
from sailwright.mesh.values import kinds
from sailwright.mesh.world import World
from sailwright.source.untyped import items

ID = "export-to-unknown-namespace"
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


def check(world: World) -> Iterator[Problem]:
    """exportTo of VirtualServices, DestinationRules and ServiceEntries."""
    known = world.facts.known.namespaces
    if known is None:
        return
    names = {*known, *world.index.namespaces}
    for manifest in world.index.of(kinds.VIRTUAL_SERVICE, kinds.DESTINATION_RULE, kinds.SERVICE_ENTRY):
        for position, name in enumerate(items(manifest.spec.get("exportTo"))):
            if isinstance(name, str) and name not in (".", "*", "~") and name not in names:
                yield Problem(
                    manifest,
                    ("spec", "exportTo", position),
                    f"there is no namespace {name}: nobody sees this {manifest.kind} there",
                    did_you_mean(
                        name, sorted(names), "correct the name, or declare the namespace under known.namespaces"
                    ),
                )
