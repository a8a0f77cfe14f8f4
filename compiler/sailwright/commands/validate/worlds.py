"""What the clusters of a project would refuse, each by its own versions of Kubernetes and Istio."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from sailwright.commands.rules import all_rules
from sailwright.commands.validate.suppressions import without_suppressed
from sailwright.diagnostics.finding import Finding
from sailwright.diagnostics.merge import merge
from sailwright.mesh.facts import Facts
from sailwright.mesh.world import World
from sailwright.runtime.records import replace
from sailwright.source.files.files import PROJECT_FILE
from sailwright.source.manifest import Manifest
from sailwright.validate.run import Settings, validate_each
from sailwright.validate.schemas.imported import defined

if TYPE_CHECKING:
    from sailwright.lint.settings import Settings as LintSettings
    from sailwright.workspace.selection import Workspace


Results = list[tuple[Manifest, tuple[Finding, ...]]]
"""Objects with their findings, in order."""


def check_worlds(
    workspace: Workspace, settings: Settings, lint: LintSettings, *, kubernetes: tuple[str, ...], istio: str | None
) -> tuple[tuple[Finding, ...], int, list[Results]]:
    """The findings about all worlds that nobody suppresses, how many are suppressed, and what was found in each world before that.

    `kubernetes` and `istio` are the versions that flags name; each cluster has its own where they name none. Where some files of the
    project are selected, objects that none of them has to do with are left out.
    """
    sources = workspace.compiled.sources if workspace.compiled else ()
    worlds = [each.world for each in workspace.worlds]
    wanted = [
        replace(
            for_world(settings, world.facts, kubernetes, istio),
            imported=(*settings.imported, *defined(world.manifests)),
        )
        for world in worlds
    ]
    found: list[tuple[str | None, Finding]] = []
    suppressed = 0
    by_world = _by_world(worlds, wanted, _unselected(workspace))
    for world, results in zip(worlds, by_world, strict=True):
        kept, fewer = without_suppressed(results, sources, all_rules, lint)
        suppressed += fewer
        found += ((world.environment, finding) for finding in kept)
    return of_worlds(found), suppressed, by_world


def for_world(settings: Settings, facts: Facts, kubernetes: tuple[str, ...], istio: str | None) -> Settings:
    """The settings with the versions of one cluster, where no flag names others."""
    return replace(
        settings,
        kubernetes=kubernetes or facts.kubernetes_versions,
        istio=settings.istio if istio else facts.istio_version,
    )


def of_worlds(found: Iterable[tuple[str | None, Finding]]) -> tuple[Finding, ...]:
    """The findings of several worlds, each with its environment; what they have alike is one finding."""
    named = (replace(each, environments=(name,)) if name is not None else each for name, each in found)
    return merge(named, lambda finding: replace(finding, rendered=None, environments=()))


def _unselected(workspace: Workspace) -> frozenset[str]:
    """The rendered files of services that have nothing to do with the selected files: what is wrong there is not reported."""
    compiled, selected = workspace.compiled, {source.path for source in workspace.own}
    if compiled is None or workspace.covers_project or PROJECT_FILE in selected or compiled.rendered.records is None:
        return frozenset()
    records, output = compiled.rendered.records, compiled.project.output.path
    return frozenset(
        f"{output}/{file.path}"
        for files in compiled.rendered.files.values()
        for file in files
        if file.source in records and selected.isdisjoint((file.source, *records[file.source].reads))
    )


def _by_world(worlds: Sequence[World], wanted: Sequence[Settings], unselected: frozenset[str]) -> list[Results]:
    """Each world's objects with their findings. Those with the same versions are checked together, by one kubeconform."""
    results: dict[int, Results] = {}
    for place, settings in enumerate(wanted):
        if place in results:
            continue
        alike = [other for other, those in enumerate(wanted) if those == settings]
        # sailwright.yaml is among the manifests of a world
        objects = {
            other: [
                manifest
                for manifest in worlds[other].manifests
                if manifest.kind and manifest.document.source.path not in unselected
            ]
            for other in alike
        }
        found = iter(validate_each([manifest for part in objects.values() for manifest in part], settings))
        results |= {other: [(manifest, next(found)) for manifest in part] for other, part in objects.items()}
    return [results[place] for place in range(len(worlds))]
