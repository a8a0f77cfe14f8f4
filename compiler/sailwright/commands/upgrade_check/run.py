"""`upgrade-check`: load the project, put each environment under the new release, and report what that changes per service.

load      workspace/load.py                    PATHS, flags and the project to the environments
changes   mesh/values/release_changes.yaml     the facts by release, each with its source
          mesh/queries/release_uses.py         what of an environment each of them concerns
sidecars  sidecars.py                          every workload injected as both releases do
findings  findings.py                          what lint, validate and the tests find with the new release and not with the old one
report    report.py                            by service, equal parts of several environments once
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sailwright.commands.upgrade_check.findings import new_findings
from sailwright.commands.upgrade_check.report import Entry, Owner, Part, SidecarChange, UpgradeReport, combined
from sailwright.commands.upgrade_check.sidecars import Injectors
from sailwright.commands.upgrade_check.world import (
    Upgrade,
    environment_name,
    planes_of,
    sidecar_changes,
    skew_entries,
    table_entries,
)
from sailwright.mesh.values.releases import Release, newer_minor, parse_release, release_numbers
from sailwright.runtime.errors import Failure
from sailwright.runtime.records import replace
from sailwright.workspace.load import load

if TYPE_CHECKING:
    from sailwright.mesh.values.releases import Numbers
    from sailwright.workspace.selection import Selection, Workspace


def upgrade_check(selection: Selection, to: str, running: str | None = None) -> UpgradeReport:
    """What an upgrade to the release `to` changes. `running` is the release that runs today, where no project says it.

    Raises Failure where a release is not known, or nothing says which one runs today.
    """
    wanted = parse_release(to)
    workspace = load(selection)
    workspace.sound_worlds()
    upgrades = tuple(_upgrades(workspace, wanted, running))
    injectors = Injectors()
    found = new_findings(workspace, upgrades)
    parts = [_part(upgrade, injectors, found[number]) for number, upgrade in enumerate(upgrades)]
    everywhere = [environment_name(each.world) for each in workspace.selected_worlds]
    return replace(combined(str(wanted), parts, everywhere, unverified=newer_minor(wanted)), root=workspace.root)


def _upgrades(workspace: Workspace, to: Release, running: str | None) -> Iterator[Upgrade]:
    """The environments whose control plane is older than the new release."""
    for compiled in workspace.selected_worlds:
        planes = (_numbers(running),) if running else planes_of(compiled.world, workspace.project)
        if not planes or (workspace.project is None and not running):
            raise Failure(
                "the Istio release that runs today is unknown: write `istio: {controlPlanes: {default: X.Y.Z}}` in "
                "sailwright.yaml, or pass --from X.Y"
            )
        older = [each for each in planes if each[:2] < (to.major, to.minor)]
        if older:
            yield Upgrade(compiled, workspace.project, min(older), to)


def _numbers(text: str) -> Numbers:
    return release_numbers(str(parse_release(text)))


def _part(upgrade: Upgrade, injectors: Injectors, found: tuple[tuple[Owner, Entry], ...]) -> Part:
    """One environment."""
    sidecars: list[tuple[Owner, SidecarChange]] = []
    entries = [*table_entries(upgrade), *skew_entries(upgrade), *found]
    for owner, change in sidecar_changes(upgrade, injectors):
        if isinstance(change, Entry):
            entries.append((owner, change))
        else:
            sidecars.append((owner, change))
    services = tuple(Owner(service.key, service.file) for service in upgrade.compiled.services)
    before = ".".join(map(str, upgrade.before))
    return Part(
        environment_name(upgrade.world), before, tuple(dict.fromkeys(entries)), tuple(dict.fromkeys(sidecars)), services
    )
