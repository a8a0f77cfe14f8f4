"""Kubernetes in a version that this release of sailwright does not know: objects are checked by the schemas of another one.

What came or went between the two is missed, or reported wrongly. Before a cluster moves to a newer Kubernetes, move sailwright.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import PROJECT
from sailwright.lint.rule import Example, Problem
from sailwright.mesh.facts import Facts
from sailwright.mesh.world import World
from sailwright.source.manifest import Manifest

ID = "kubernetes-version-unknown"
SEVERITY: Severity = "error"
ALIASES: tuple[str, ...] = ()
KIND = PROJECT

BAD = Example(
    """
apiVersion: sailwright/v1alpha1
kubernetes: {version: "1.99"}  # finding
""",
    Facts(kubernetes_versions=("1.99",)),
)
GOOD = Example(
    """
apiVersion: sailwright/v1alpha1
kubernetes: {version: "1.34.2"}
""",
    Facts(kubernetes_versions=("1.34.2",)),
)


def check(project: Manifest, mesh: World) -> Iterator[Problem]:
    """The versions of the world, where the project file names them."""
    from sailwright.validate.schemas.kubernetes import version_fault

    path = mesh.declared("kubernetes", "version")
    for version in mesh.facts.kubernetes_versions if path is not None else ():
        if fault := version_fault(version):
            yield Problem(project, path or (), *fault)
