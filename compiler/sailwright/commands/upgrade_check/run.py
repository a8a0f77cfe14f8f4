"""`upgrade-check`: load the project, put each environment under the new release, and report what that changes per service.

load      workspace/load.py                    PATHS, flags and the project to the environments
changes   mesh/values/release_changes.yaml     the facts by release, each with its source
          mesh/queries/release_uses.py         what of an environment each of them concerns
sidecars  sidecars.py                          every workload injected as both releases do
findings  findings.py                          what lint, validate and the tests find with the new release and not with the old one
report    report.py                            by service, equal parts of several environments once
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sailwright.commands.upgrade_check.findings import new_findings
from sailwright.commands.upgrade_check.parts import entries_of, part_of, upgrades_of
from sailwright.commands.upgrade_check.report import Entry, Owner, Part, UpgradeReport, combined
from sailwright.commands.upgrade_check.sidecars import Injectors
from sailwright.commands.upgrade_check.world import (
    Upgrade,
    environment_name,
)
from sailwright.mesh.values.releases import Release, newer_minor, parse_release
from sailwright.runtime.records import replace
from sailwright.workspace.load import load
from sailwright.workspace.parallel import large_project

if TYPE_CHECKING:
    from sailwright.workspace.selection import Selection


def upgrade_check(selection: Selection, to: str, running: str | None = None) -> UpgradeReport:
    """What an upgrade to the release `to` changes. `running` is the release that runs today, where no project says it.

    Raises Failure where a release is not known, or nothing says which one runs today.
    """
    wanted = parse_release(to)
    if (report := _in_portions(selection, wanted, running)) is not None:
        return report
    workspace = load(selection)
    workspace.sound_worlds()
    upgrades = tuple(upgrades_of(workspace, wanted, running))
    injectors = Injectors()
    found = new_findings(workspace, upgrades)
    parts = [_part(upgrade, injectors, found[number]) for number, upgrade in enumerate(upgrades)]
    everywhere = [environment_name(each.world) for each in workspace.selected_worlds]
    return replace(combined(str(wanted), parts, everywhere, unverified=newer_minor(wanted)), root=workspace.root)


def _in_portions(selection: Selection, to: Release, running: str | None) -> UpgradeReport | None:
    """The report on a large project; None where the whole mesh must be loaded for it."""
    if selection.paths or large_project(selection.project) is None:
        return None
    from sailwright.commands.upgrade_check.in_portions import upgrade_in_portions

    return upgrade_in_portions(selection, to, running)


def _part(upgrade: Upgrade, injectors: Injectors, found: tuple[tuple[Owner, Entry], ...]) -> Part:
    """One environment."""
    return part_of(upgrade.before, environment_name(upgrade.world), [entries_of(upgrade, injectors)], found)
