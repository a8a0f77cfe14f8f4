"""Nobody gave the schema of this kind, so the object is not judged: a misspelt field in it would pass unseen.

Custom kinds are defined by a CustomResourceDefinition: name its file under `validate.schemas` in sailwright.yaml, or import it with
`sailwright schema import`. `sailwright validate` always reports this; lint where it is asked to.
"""

from __future__ import annotations

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.rule import Preset, Problem
from sailwright.mesh.world import World
from sailwright_policies.validation import unknown_kinds

ID = "schema-missing"
SEVERITY: Severity = "warning"
PRESET: Preset = "optional"
ALIASES: tuple[str, ...] = ()
BAD = """
apiVersion: cert-manager.io/v1
kind: Certificate  # finding
metadata: {name: shop, namespace: shop}
spec: {secretName: shop}
"""
GOOD = """
apiVersion: v1
kind: ConfigMap
metadata: {name: shop, namespace: shop}
data: {key: value}
"""


def check(world: World) -> Iterator[Problem]:
    """Look every kind up."""
    for manifest, unknown in unknown_kinds(world):
        if not unknown.refused:
            yield Problem(manifest, ("kind",), unknown.message, unknown.help)
