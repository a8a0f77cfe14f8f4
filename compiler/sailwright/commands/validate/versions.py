"""The Kubernetes versions that a project names and sailwright does not know."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from sailwright.diagnostics.finding import Finding, Path, value_at
from sailwright.diagnostics.rule_page import url
from sailwright.validate.schemas.kubernetes import version_fault

if TYPE_CHECKING:
    from sailwright.project.model import Project

RULE = "kubernetes-version-unknown"


def unknown_versions(project: Project) -> Iterator[Finding]:
    """A finding for each of them: what is checked for that cluster is checked by the nearest version that is known."""
    document = project.document
    for path, version in _versions(document.value):
        if fault := version_fault(version):
            yield Finding(RULE, "error", fault[0], document.locate(path), fault[1], url=url(RULE), path=path)


def _versions(tree: Any) -> Iterator[tuple[Path, str]]:
    """The versions of the project, of its environments and of their clusters, and where each is written."""
    for above in _places(tree):
        path: Path = (*above, "kubernetes", "version")
        given = value_at(tree, path)
        if isinstance(given, str):
            yield path, given
        elif isinstance(given, list):
            yield from (((*path, index), each) for index, each in enumerate(given) if isinstance(each, str))


def _places(tree: Any) -> Iterator[Path]:
    yield ()
    for environment in value_at(tree, ("environments",)) or ():
        yield ("environments", environment)
        for cluster in value_at(tree, ("environments", environment, "clusters")) or ():
            yield ("environments", environment, "clusters", cluster)
