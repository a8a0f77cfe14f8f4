"""A control plane on a Kubernetes version it was never tested with may fail at any upgrade of either.

Each Istio minor names the Kubernetes versions it supports; istioctl warns below the oldest one.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import PROJECT
from sailwright.lint.rule import Example, Problem
from sailwright.mesh.facts import Facts
from sailwright.mesh.values.releases import LINES, dotted, release_numbers
from sailwright.mesh.world import World
from sailwright.source.manifest import Manifest
from sailwright.validate.schemas.kubernetes import version_fault

ID = "kubernetes-version-unsupported"
KIND = PROJECT
SEVERITY: Severity = "warning"
ALIASES: tuple[str, ...] = ()

BAD = (
    Example(
        """
apiVersion: sailwright/v1alpha1
kubernetes: {version: "1.29"}  # finding
istio:
  controlPlanes: {default: 1.31.0}
""",
        Facts(control_planes={"default": "1.31.0"}, kubernetes_versions=("1.29",)),
    ),
    Example(
        """
apiVersion: sailwright/v1alpha1
kubernetes: {version: "1.29"}  # finding
istio: {version: 1.31.0}
""",
        Facts(istio_version="1.31.0", kubernetes_versions=("1.29",)),
    ),
)
GOOD = Example(
    """
apiVersion: sailwright/v1alpha1
kubernetes: {version: "1.34"}
istio:
  controlPlanes: {default: 1.31.0}
""",
    Facts(control_planes={"default": "1.31.0"}, kubernetes_versions=("1.34",)),
)


def check(project: Manifest, mesh: World) -> Iterator[Problem]:
    """The declared Kubernetes versions against each control plane: those declared, else one of the release that is baked."""
    path, facts = mesh.declared("kubernetes", "version"), mesh.facts
    if path is None:
        return
    supported = {line.name: line.kubernetes for line in LINES}
    baked = {facts.revision: facts.istio_version} if mesh.declared("istio", "version") else {}
    for revision, release in (facts.control_planes or baked).items():
        oldest, newest = supported.get(dotted(release_numbers(release)[:2]), ("", ""))
        for version in facts.kubernetes_versions:
            numbers = release_numbers(version)[:2]
            if version_fault(version):  # `kubernetes-version-unknown` reports it
                continue
            if oldest and numbers and not release_numbers(oldest) <= numbers <= release_numbers(newest):
                yield Problem(
                    project,
                    path,
                    f"Istio {release} (revision {revision}) supports Kubernetes {oldest} to {newest}, not {version}",
                    "upgrade the one that is behind",
                )
