"""An annotation that Istio does not know has no effect, even if it looks like one of Istio's.

Most often it is misspelt, or belongs to a release that is long gone.
"""

from __future__ import annotations

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.diagnostics.suggestions import did_you_mean
from sailwright.lint.kinds import ANNOTATED
from sailwright.lint.rule import Problem
from sailwright.mesh.queries.annotations import Annotated, is_of_istio, registry
from sailwright.mesh.world import World

ID = "annotation-unknown"
KIND = ANNOTATED
SEVERITY: Severity = "warning"
ALIASES = ("IST0108",)
BAD = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: cart, namespace: shop}
spec:
  template:
    metadata:
      labels: {app: cart}
      annotations:
        sidecar.istio.io/proxyCpu: 100m  # finding
"""
GOOD = BAD.replace("proxyCpu: 100m  # finding", "proxyCPU: 100m")
_INSTALLERS = "install.operator.istio.io/"
"""What `istioctl install` leaves on its objects; the registry knows it no more."""


def check(place: Annotated, mesh: World) -> Iterator[Problem]:
    """Look each annotation of Istio's domains up."""
    known = registry(mesh.facts.istio_version)
    for name in place.annotations:
        if name not in known and is_of_istio(name) and (mesh.facts.compat or _may_be_istios(name)):
            message = f"Istio knows no annotation `{name}`"
            remedy = did_you_mean(name, known, "remove it")
            yield Problem(place.manifest, (*place.path, name), message, remedy, key=True)


def _may_be_istios(name: str) -> bool:
    """A domain that only ends in `istio.io` without a dot before it belongs to somebody else."""
    domain = name.partition("/")[0]
    return (domain == "istio.io" or domain.endswith(".istio.io")) and not name.startswith(_INSTALLERS)
