"""A field that is not in the schema is dropped or refused: the setting does not exist.

`timeouts` instead of `timeout` leaves the route without one. Lint reads the objects of Istio as istiod does: unknown fields, values
of the wrong type, names that are not in an enum. Objects of the Gateway API are held to the whole schema, as the API server does it: to
that of the CustomResourceDefinitions among the files, else a bundle from 1.1 to 1.7 must take them, be it of the standard or of the
experimental channel. `sailwright validate` holds every object to its whole schema.
"""

from __future__ import annotations

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.rule import Problem
from sailwright.mesh.world import World
from sailwright.source.manifest import Manifest
from sailwright_policies.validation import ISTIO_AND_GATEWAY_API, unreadable_fields

ID = "schema-violation"
KIND = ISTIO_AND_GATEWAY_API
SEVERITY: Severity = "error"
ALIASES: tuple[str, ...] = ()
BAD = """
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: mysql, namespace: shop}
spec:
  hosts: [mysql]
  tcp:
    - timeouts: 5s  # finding
      route:
        - destination: {host: mysql}
          weight: all  # finding
"""
GOOD = """
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: mysql, namespace: shop}
spec:
  hosts: [mysql]
  tcp:
    - route:
        - destination: {host: mysql}
          weight: 100
"""


def check(manifest: Manifest, mesh: World) -> Iterator[Problem]:
    """Read an object of Istio's as istiod reads it, and one of the Gateway API's as the API server does."""
    for each in unreadable_fields(manifest, mesh):
        yield Problem(manifest, each.path, each.message, each.help, key=each.key)
