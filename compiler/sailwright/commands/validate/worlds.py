"""What the clusters of a project would refuse, each by its own versions of Kubernetes and Istio."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from sailwright.commands.rules import all_rules
from sailwright.commands.validate.suppressions import without_suppressed
from sailwright.diagnostics.finding import Finding
from sailwright.diagnostics.merge import merge
from sailwright.mesh.world import World
from sailwright.runtime.records import replace
from sailwright.source.files.files import PROJECT_FILE
from sailwright.source.manifest import Manifest
from sailwright.validate.run import Settings, validate_each
from sailwright.validate.schemas.imported import defined

if TYPE_CHECKING:
    from sailwright.lint.settings import Settings as LintSettings
    from sailwright.workspace.selection import Workspace


def check_worlds(
    workspace: Workspace, settings: Settings, lint: LintSettings, *, kubernetes: tuple[str, ...], istio: str | None
) -> tuple[tuple[Finding, ...], int]:
    """The findings about all worlds that nobody suppresses, and how many are suppressed.

    `kubernetes` and `istio` are the versions that flags name; each cluster has its own where they name none. Where some files of the
    project are selected, objects that none of them has to do with are left out.
    """
    sources = workspace.compiled.sources if workspace.compiled else ()
    worlds = [each.world for each in workspace.worlds]
    wanted = [
        replace(
            settings,
            kubernetes=kubernetes or world.facts.kubernetes_versions,
            istio=settings.istio if istio else world.facts.istio_version,
            imported=(*settings.imported, *defined(world.manifests)),
        )
        for world in worlds
    ]
    found: list[Finding] = []
    suppressed = 0
    for world, results in zip(worlds, _by_world(worlds, wanted, _unselected(workspace)), strict=True):
        kept, fewer = without_suppressed(results, sources, all_rules, lint)
        suppressed += fewer
        found += (_of_world(finding, world) for finding in kept)
    return merge(found, lambda finding: replace(finding, rendered=None, environments=())), suppressed


def _of_world(finding: Finding, world: World) -> Finding:
    return replace(finding, environments=(world.environment,)) if world.environment is not None else finding


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


def _by_world(
    worlds: Sequence[World], wanted: Sequence[Settings], unselected: frozenset[str]
) -> Iterable[list[tuple[Manifest, tuple[Finding, ...]]]]:
    """Each world's objects with their findings. Those with the same versions are checked together, by one kubeconform."""
    results: dict[int, list[tuple[Manifest, tuple[Finding, ...]]]] = {}
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
