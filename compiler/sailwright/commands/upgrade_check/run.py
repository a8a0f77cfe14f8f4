"""`upgrade-check`: load the project, put each environment under the new release, and report what that changes per service.

load      workspace/load.py                    PATHS, flags and the project to the environments
changes   mesh/values/release_changes.yaml     the facts by release, each with its source
          mesh/queries/release_uses.py         what of an environment each of them concerns
sidecars  sidecars.py                          every workload injected as both releases do
findings  findings.py                          what lint, validate and the tests find with the new release and not with the old one
report    report.py                            by service, equal parts of several environments once
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
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
from sailwright.runtime.records import dataclass, replace
from sailwright.workspace.load import load
from sailwright.workspace.parallel import large_project

if TYPE_CHECKING:
    from sailwright.mesh.values.releases import Numbers
    from sailwright.workspace.selection import Selection, Workspace


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


def upgrades_of(workspace: Workspace, to: Release, running: str | None) -> Iterator[Upgrade]:
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
    return part_of(upgrade.before, environment_name(upgrade.world), [entries_of(upgrade, injectors)], found)


@dataclass(frozen=True, slots=True)
class Entries:
    """What the table of changes, the releases of sidecars and the injector say of an environment, or of a part of it."""

    table: tuple[tuple[Owner, Entry], ...]
    injected: tuple[tuple[Owner, Entry], ...]
    sidecars: tuple[tuple[Owner, SidecarChange], ...]
    services: tuple[Owner, ...]


def entries_of(upgrade: Upgrade, injectors: Injectors) -> Entries:
    """The same of the objects at hand."""
    injected: list[tuple[Owner, Entry]] = []
    sidecars: list[tuple[Owner, SidecarChange]] = []
    for owner, change in sidecar_changes(upgrade, injectors):
        if isinstance(change, Entry):
            injected.append((owner, change))
        else:
            sidecars.append((owner, change))
    services = tuple(Owner(service.key, service.file) for service in upgrade.compiled.services)
    return Entries((*table_entries(upgrade), *skew_entries(upgrade)), tuple(injected), tuple(sidecars), services)


def part_of(before: Numbers, environment: str, seen: Sequence[Entries], found: Iterable[tuple[Owner, Entry]]) -> Part:
    """One environment, of which each service and each hand-written file was seen once."""
    entries = [
        *(each for some in seen for each in some.table),
        *found,
        *(each for some in seen for each in some.injected),
    ]
    sidecars = dict.fromkeys(each for some in seen for each in some.sidecars)
    services = tuple(each for some in seen for each in some.services)
    release = ".".join(map(str, before))
    return Part(environment, release, tuple(dict.fromkeys(entries)), tuple(sidecars), services)
