"""The parts of an upgrade's report: the environments whose control planes are older, and what is said of each beside findings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from sailwright.commands.upgrade_check.report import Entry, Owner, Part, SidecarChange
from sailwright.commands.upgrade_check.sidecars import Injectors
from sailwright.commands.upgrade_check.world import Upgrade, planes_of, sidecar_changes, skew_entries, table_entries
from sailwright.mesh.values.releases import Release, parse_release, release_numbers
from sailwright.runtime.errors import Failure
from sailwright.runtime.records import dataclass

if TYPE_CHECKING:
    from sailwright.mesh.values.releases import Numbers
    from sailwright.workspace.selection import Workspace


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
