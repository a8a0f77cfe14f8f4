"""There is no schema for this kind, so the object is not checked: a misspelt field in it would pass unseen.

Custom kinds are defined by a CustomResourceDefinition: name its file under `validate.schemas` in sailwright.yaml, or import it with
`sailwright schema import`. `sailwright validate` always reports this; lint where it is asked to.
"""

from __future__ import annotations

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import ANY_OBJECT
from sailwright.lint.rule import Preset, Problem
from sailwright.mesh.world import World
from sailwright.source.manifest import Manifest
from sailwright_policies.validation import unknown_kind

ID = "schema-missing"
KIND = ANY_OBJECT
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


def check(manifest: Manifest, mesh: World) -> Iterator[Problem]:
    """Look the kind up."""
    unknown = unknown_kind(manifest, mesh)
    if unknown is not None and not unknown.refused:
        yield Problem(manifest, ("kind",), unknown.message, unknown.help)
