"""The API server refuses an object that breaks a validation rule of its definition.

CustomResourceDefinitions carry rules in CEL beside their schema: which fields exclude each other, which need another. kubeconform
does not run them. What Istio's webhook says of the same field already is not repeated.
"""

from __future__ import annotations

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.rule import Problem
from sailwright.mesh.world import World
from sailwright.source.manifest import Manifest
from sailwright_policies.validation import ISTIO_AND_GATEWAY_API, broken_rules

ID = "schema-rule"
KIND = ISTIO_AND_GATEWAY_API
SEVERITY: Severity = "error"
ALIASES: tuple[str, ...] = ()
BAD = """
apiVersion: security.istio.io/v1
kind: RequestAuthentication
metadata: {name: accounts, namespace: shop}
spec:
  jwtRules:
    - issuer: https://accounts.example.com  # finding
      jwksUri: https://accounts.example.com/keys
      jwks: '{"keys": []}'
"""
GOOD = """
apiVersion: security.istio.io/v1
kind: RequestAuthentication
metadata: {name: accounts, namespace: shop}
spec:
  jwtRules:
    - issuer: https://accounts.example.com
      jwksUri: https://accounts.example.com/keys
"""


def check(manifest: Manifest, mesh: World) -> Iterator[Problem]:
    """Apply the rules of the definition of an object's kind."""
    return broken_rules(manifest, mesh)
