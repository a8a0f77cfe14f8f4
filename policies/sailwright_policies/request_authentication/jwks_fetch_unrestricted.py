"""An istiod that fetches keys from any address can be made to ask inside the cluster.

`jwksUri` of a RequestAuthentication is fetched by istiod itself. BLOCKED_CIDRS_IN_JWKS_URIS keeps it from private
addresses that whoever may write such policies names.
"""

from __future__ import annotations

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import objects
from sailwright.lint.rule import Problem
from sailwright.mesh.values import kinds
from sailwright.mesh.values.releases import release_numbers
from sailwright.mesh.world import World
from sailwright.source.manifest import Manifest
from sailwright.source.untyped import entries

ID = "jwks-fetch-unrestricted"
KIND = objects(kinds.DEPLOYMENT)
SEVERITY: Severity = "warning"
ALIASES = ("IST0175",)
BAD = """
apiVersion: apps/v1
kind: Deployment
metadata:
  name: istiod  # finding
  namespace: istio-system
  labels: {app: istiod}
spec: {template: {spec: {containers: [{name: discovery, image: pilot}]}}}
---
apiVersion: security.istio.io/v1
kind: RequestAuthentication
metadata: {name: staff, namespace: shop}
spec: {jwtRules: [{issuer: https://login.example.com}]}
"""
GOOD = BAD.replace("  # finding", "").replace(
    "image: pilot", "image: pilot, env: [{name: BLOCKED_CIDRS_IN_JWKS_URIS, value: 10.0.0.0/8}]"
)


def check(deployment: Manifest, mesh: World) -> Iterator[Problem]:
    """Look at istiod's environment, where a RequestAuthentication exists. Releases since 1.28.7 know the variable."""
    index = mesh.index
    policies = index.of(kinds.REQUEST_AUTHENTICATION) if deployment.labels.get("app") == "istiod" else ()
    if not policies or release_numbers(index.facts.istio_version) < (1, 28, 7):
        return
    variables = (
        variable
        for container in index.workload(deployment).containers
        if not container.init
        for _, variable in entries(container.value.get("env"), ())
    )
    if not any(each.get("name") == "BLOCKED_CIDRS_IN_JWKS_URIS" and each.get("value") for each in variables):
        message = f"istiod fetches keys from any address for {len(policies)} RequestAuthentication(s)"
        remedy = "set BLOCKED_CIDRS_IN_JWKS_URIS to the cluster's ranges"
        yield Problem(deployment, ("metadata", "name"), message, remedy)
