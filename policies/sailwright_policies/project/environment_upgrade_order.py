"""A control plane that is newer in a later environment than in an earlier one was never tried where trying is cheap.

The environments of sailwright.yaml are read in their order: what runs in production should have run in staging first.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import PROJECT
from sailwright.lint.rule import Problem
from sailwright.mesh.values.releases import Numbers, dotted, release_numbers
from sailwright.mesh.world import World
from sailwright.source.manifest import Manifest
from sailwright.source.untyped import get, mapping

ID = "environment-upgrade-order"
KIND = PROJECT
SEVERITY: Severity = "warning"
ALIASES: tuple[str, ...] = ()

BAD = """
apiVersion: sailwright/v1alpha1
istio:
  controlPlanes: {default: 1.30.3}
environments:
  staging: {}
  prod:
    istio:
      controlPlanes: {default: 1.31.0}  # finding
"""

GOOD = """
apiVersion: sailwright/v1alpha1
istio:
  controlPlanes: {default: 1.30.3}
environments:
  staging:
    istio:
      controlPlanes: {default: 1.31.0}
  prod: {}
"""


def check(project: Manifest, _: World) -> Iterator[Problem]:
    """Each environment's newest control plane, and the release it bakes, against those of the environments before it."""
    for key in ("controlPlanes", "version"):
        before: tuple[Numbers, str] = ((), "")
        for name, environment in mapping(project.value.get("environments")).items():
            own = get(environment, "istio", key)
            release = _newest(own if own is not None else get(project.value, "istio", key))
            if own is not None and before[0] and release > before[0]:
                yield Problem(
                    project,
                    ("environments", name, "istio", key),
                    f"{name} runs Istio {dotted(release)} before {before[1]} does, which still has {dotted(before[0])}",
                    f"upgrade {before[1]} first, or list the environments in the order in which they are upgraded",
                )
            if release:
                before = (release, name)


def _newest(declared: object) -> Numbers:
    releases = declared.values() if isinstance(declared, dict) else [declared]
    return max((release_numbers(str(release)) for release in releases), default=())
