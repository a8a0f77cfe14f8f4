"""The report of `upgrade-check` as text and as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from sailwright.commands.upgrade_check.report import Entry, OwnerReport, SidecarChange, UpgradeReport
from sailwright.diagnostics.counted import counted
from sailwright.diagnostics.finding import Location
from sailwright.diagnostics.report.places import from_here
from sailwright.mesh.values.releases import NEWEST

MOST_PLACES = 3
"""Places that a line of text names; JSON has them all."""


def as_text(report: UpgradeReport) -> str:
    """Mesh first, then each service with its changes, then how the sidecars differ, each way once."""
    return "".join(f"{line}\n" for line in _text(report))


def _text(report: UpgradeReport) -> Iterator[str]:
    if not report.before:
        yield f"every control plane runs Istio {report.to} or a newer minor: nothing to upgrade"
        return
    for release, environments in report.before.items():
        yield f"Istio {release} -> {report.to}{_in(environments)}"
    if report.unverified:
        yield (
            f"istio-minor-unverified: Istio {report.to} is newer than any minor version that Sailwright knows. Its published "
            f"fields are checked; its changes and sidecars are not known, and {NEWEST} is used for everything else"
        )
    if report.mesh:
        yield from ("", "the mesh")
        yield from _entries(report.mesh, report.root)
    shared = _shared(report)
    for entry, names in shared.items():
        yield from ("", ", ".join(names))
        yield from _entries((entry,), report.root)
    for each in report.owners:
        own = [entry for entry in each.entries if entry not in shared]
        if own:
            file = f"  ({from_here(each.owner.file, report.root)})" if each.owner.file else ""
            yield from ("", f"{each.owner.name}{file}")
            yield from _entries(own, report.root)
    yield from _sidecars(report)
    yield ""
    yield _summary(report)


def _shared(report: UpgradeReport) -> dict[Entry, list[str]]:
    """What is equal for several services and at no line of theirs, with their names."""
    found: dict[Entry, list[str]] = {}
    for each in report.owners:
        for entry in each.entries:
            if not entry.places:
                found.setdefault(entry, []).append(each.owner.name)
    return {entry: names for entry, names in found.items() if len(names) > 1}


def _entries(entries: Iterable[Entry], root: str) -> Iterator[str]:
    for entry in entries:
        yield f"  {entry.severity}: {entry.what} [{entry.id}]{_in(entry.environments)}"
        if entry.places:
            places = [f"{from_here(place.file, root)}:{place.line}" for place in entry.places]
            more = f" and {len(places) - MOST_PLACES} more" if len(places) > MOST_PLACES else ""
            yield f"    at {', '.join(places[:MOST_PLACES])}{more}"
        if entry.do:
            yield f"    do: {entry.do}"
        if entry.source:
            yield f"    see {entry.source}"


def _sidecars(report: UpgradeReport) -> Iterator[str]:
    """Each way in which sidecars differ, with the services that it is the way of."""
    alike: dict[SidecarChange, list[str]] = {}
    for each in report.owners:
        for sidecar in each.sidecars:
            alike.setdefault(sidecar, []).append(each.owner.name)
    if alike:
        yield from ("", "sidecars")
    for sidecar, names in alike.items():
        when = "with the next build" if sidecar.by == "build" else "when their pods restart"
        yield f"  {sidecar.before} -> {sidecar.after} {when}{_in(sidecar.environments)}: {', '.join(names)}"
        yield from (f"    {line}" for line in sidecar.lines or ("no difference",))


def _summary(report: UpgradeReport) -> str:
    counts = [sum(entry.severity == severity for entry in report.entries) for severity in ("error", "warning")]
    infos = len(report.entries) - sum(counts)
    parts = [counted(counts[0], "error"), counted(counts[1], "warning"), f"{infos} for information"]
    restarted = sum(1 for each in report.owners if each.sidecars)
    untouched = f"; nothing changes for {counted(len(report.untouched), 'service')}" if report.untouched else ""
    return f"{', '.join(parts)}; {counted(restarted, 'service')} with another sidecar{untouched}"


def _in(environments: tuple[str, ...]) -> str:
    named = [name for name in environments if name]
    return f"  [{', '.join(named)}]" if named else ""


def as_json(report: UpgradeReport) -> str:
    """Everything, with all places."""
    import json

    from sailwright.diagnostics.report.clean import json_text

    document = {
        "version": 1,
        "to": report.to,
        "from": [
            {"release": release, "environments": list(filter(None, environments))}
            for release, environments in report.before.items()
        ],
        "unverified": report.unverified,
        "mesh": [_entry(entry, report.root) for entry in report.mesh],
        "services": [_owner(each, report.root) for each in report.owners],
        "untouched": [owner.name for owner in report.untouched],
    }
    return json_text(json.dumps(document, indent=2)) + "\n"


def _owner(each: OwnerReport, root: str) -> dict[str, Any]:
    return {
        "service": each.owner.name,
        "file": from_here(each.owner.file, root),
        "changes": [_entry(entry, root) for entry in each.entries],
        "sidecars": [
            {
                "from": sidecar.before,
                "to": sidecar.after,
                "by": sidecar.by,
                "environments": list(filter(None, sidecar.environments)),
                "differences": list(sidecar.lines),
            }
            for sidecar in each.sidecars
        ],
    }


def _entry(entry: Entry, root: str) -> dict[str, Any]:
    return {
        "id": entry.id,
        "kind": entry.kind,
        "severity": entry.severity,
        "message": entry.what,
        "help": entry.do,
        "source": entry.source,
        "locations": [_location(place, root) for place in entry.places],
        "environments": list(filter(None, entry.environments)),
    }


def _location(place: Location, root: str) -> dict[str, Any]:
    return {"file": from_here(place.file, root), "line": place.line, "column": place.column}
