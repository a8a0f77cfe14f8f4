"""What an upgrade of Istio changes, service by service: the records, and how they are brought together from several environments."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Literal

from sailwright.diagnostics.finding import SEVERITIES, Location, Severity
from sailwright.mesh.values.release_changes import ChangeKind
from sailwright.runtime.records import dataclass, field, replace

Kind = ChangeKind | Literal["finding", "skew", "refused"]
"""A change of the table, a finding that the new release brings, a proxy too far behind, a pod that the new injector refuses."""
MESH = ""
"""The owner of what concerns no single service."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that the upgrade changes for one owner. `id` names the change of the table, or the rule of the finding."""

    id: str
    kind: Kind
    severity: Severity
    what: str
    do: str = ""
    source: str = ""
    places: tuple[Location, ...] = ()
    environments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SidecarChange:
    """How the sidecars of a service differ between two releases, line by line; `by` is who injects them: build or webhook."""

    before: str
    after: str
    by: str
    lines: tuple[str, ...]
    environments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Owner:
    """Whom something concerns: a service (NAMESPACE/NAME), else an object of a hand-written file; `name` is MESH for the mesh."""

    name: str
    file: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """What the upgrade of one environment changes: the entries and the sidecars of each owner."""

    environment: str
    before: str
    entries: tuple[tuple[Owner, Entry], ...] = ()
    sidecars: tuple[tuple[Owner, SidecarChange], ...] = ()
    services: tuple[Owner, ...] = ()


@dataclass(frozen=True, slots=True)
class OwnerReport:
    """All that the upgrade changes for one owner."""

    owner: Owner
    entries: tuple[Entry, ...] = ()
    sidecars: tuple[SidecarChange, ...] = ()


@dataclass(frozen=True, slots=True)
class UpgradeReport:
    """What an upgrade changes. `before` maps the releases that run today to their environments; empty where all run `to` already.

    `untouched` are the services that nothing changes for. `unverified` says that `to` is newer than what is known. Files are named as seen from the folder `root`.
    """

    to: str
    before: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    mesh: tuple[Entry, ...] = ()
    owners: tuple[OwnerReport, ...] = ()
    untouched: tuple[Owner, ...] = ()
    unverified: bool = False
    root: str = "."

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Every entry, the mesh's first."""
        return (*self.mesh, *(entry for each in self.owners for entry in each.entries))


def combined(to: str, parts: Iterable[Part], everywhere: Collection[str], *, unverified: bool) -> UpgradeReport:
    """The parts of the environments to upgrade as one report: what is equal in several is told once. `everywhere` names all there are."""
    parts = tuple(parts)
    before: dict[str, list[str]] = {}
    entries: dict[Owner, dict[Entry, list[str]]] = {}
    sidecars: dict[Owner, dict[SidecarChange, list[str]]] = {}
    services: dict[Owner, None] = {}
    for part in parts:
        before.setdefault(part.before, []).append(part.environment)
        services |= dict.fromkeys(part.services)
        for owner, entry in part.entries:
            entries.setdefault(owner, {}).setdefault(entry, []).append(part.environment)
        for owner, sidecar in part.sidecars:
            sidecars.setdefault(owner, {}).setdefault(sidecar, []).append(part.environment)

    def told(found: Mapping[Entry, list[str]]) -> tuple[Entry, ...]:
        placed = [replace(entry, environments=_names(names, everywhere)) for entry, names in found.items()]
        return tuple(sorted(placed, key=lambda entry: -SEVERITIES.index(entry.severity)))

    owners = sorted({*entries, *sidecars} - {Owner(MESH)}, key=lambda owner: (owner not in services, owner.name))
    reports = tuple(
        OwnerReport(
            owner,
            told(entries.get(owner, {})),
            tuple(
                replace(sidecar, environments=_names(names, everywhere))
                for sidecar, names in sidecars.get(owner, {}).items()
            ),
        )
        for owner in owners
    )
    return UpgradeReport(
        to,
        {release: _names(names, everywhere) for release, names in before.items()},
        told(entries.get(Owner(MESH), {})),
        reports,
        tuple(owner for owner in services if owner not in owners),
        unverified,
    )


def _names(names: Iterable[str], everywhere: Collection[str]) -> tuple[str, ...]:
    """The environments of something; none where it is so in all."""
    found = tuple(dict.fromkeys(names))
    return () if set(found) == set(everywhere) else found
