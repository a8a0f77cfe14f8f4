"""A control plane on a Kubernetes version it was never tested with may fail at any upgrade of either.

Each Istio minor names the Kubernetes versions it supports; istioctl warns below the oldest one.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.rule import Example, Problem
from sailwright.mesh.facts import Facts
from sailwright.mesh.queries.proxies import dotted, release_numbers
from sailwright.mesh.values.releases import LINES
from sailwright.mesh.world import World

ID = "kubernetes-version-unsupported"
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


def check(world: World) -> Iterator[Problem]:
    """The declared Kubernetes versions against each control plane: those declared, else one of the release that is baked."""
    path = world.declared("kubernetes", "version")
    if world.project is None or path is None:
        return
    supported = {line.name: line.kubernetes for line in LINES}
    facts = world.facts
    planes = facts.control_planes or (
        {facts.revision: facts.istio_version} if world.declared("istio", "version") else {}
    )
    for revision, release in planes.items():
        name = dotted(release_numbers(release)[:2])
        oldest, newest = supported.get(name, ("", ""))
        for version in facts.kubernetes_versions:
            numbers = release_numbers(version)[:2]
            if oldest and numbers and not release_numbers(oldest) <= numbers <= release_numbers(newest):
                yield Problem(
                    world.project,
                    path,
                    f"Istio {release} (revision {revision}) supports Kubernetes {oldest} to {newest}, not {version}",
                    "upgrade the one that is behind",
                )
