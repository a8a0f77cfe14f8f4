"""What an adoption comes to: the drafts, and what became of every object."""

from __future__ import annotations

from collections.abc import Mapping

from sailwright.commands.edit.adopt.adoption import Adoption, Draft, Row
from sailwright.commands.edit.adopt.companions import companions
from sailwright.commands.edit.adopt.comparison import Comparison, compare
from sailwright.commands.edit.adopt.gateways import servers
from sailwright.commands.edit.adopt.inventory import Key, key_of, namespace_of
from sailwright.commands.edit.adopt.proof import only_ports
from sailwright.commands.edit.adopt.rounds import Refused
from sailwright.commands.edit.adopt.work import Round, Work
from sailwright.source.manifest import Manifest
from sailwright.source.splice import inline


def outcome(work: Work, last: Round) -> Adoption:
    standing = work.standing()
    drafts = tuple(
        Draft(path, last.services[path], group.namespace, group.name)
        for group in standing
        for path in (last.paths[id(group)],)
    )
    rows = _rows(work, last)
    refused = tuple(refused for found in work.refusals.by_group.values() for refused in found)
    notes = tuple(sorted(work.notes.found, key=lambda note: (note.file, note.line)))
    files = {path: text for path, text in last.files.items() if path not in last.services}
    return Adoption(drafts, files, last.namespaces, notes, rows, refused, tuple(work.meant))


def _rows(work: Work, last: Round) -> tuple[Row, ...]:
    """What became of every object, in the order of the files."""
    rows: list[tuple[Manifest, str, str]] = [(left.manifest, "left out", left.reason) for left in work.left_out]
    rows += [(made.manifest, "kept", made.reason) for made in work.made]
    drafted = {key_of(one) for draft in last.drafts.values() for one in draft.objects}
    refused = {key: found for key, found in work.refusals.by_group.items() if found}
    earlier = {key_of(found): found for world in reversed(work.site.earlier) for found in world.manifests}
    already = companions(work.known, work.found)
    for one in work.found.everything():
        key = key_of(one)
        if key in drafted:
            comparison = work.comparisons.get(key, Comparison())
            lines = [*comparison.changed, *comparison.added]
            what = "changed" if comparison.changed else "added" if comparison.added else "kept"
            rows.append((one, what, "; ".join(lines)))
        elif key in last.places:
            reason = work.carried.reasons.get(key, "")
            where = last.places[key]
            rows.append((one, "carried along", f"{where}{': ' if reason else ''}{reason}"))
        else:
            owner = already.group_of(one)
            found = _adopted(one, owner.name if owner else "", earlier)
            rows.append((one, *(found or ("left out", _why_left(one, work, refused)))))
    listed = [Row(one.kind, namespace_of(one), one.name, one.locate(()).location, what, why) for one, what, why in rows]
    return tuple(sorted(listed, key=lambda row: (row.location.file, row.location.line)))


def _adopted(one: Manifest, service: str, earlier: Mapping[Key, Manifest]) -> tuple[str, str] | None:
    """What became of an object that the project has already, compared with what is there today; None where it has not."""
    twin = earlier.get(key_of(one))
    if twin is None and not service:
        return None
    title = f"the service {service} is in the project already" if service else "it is in the project already"
    lines = compare(one.value, twin.value, only_ports(earlier.values())).different if twin else ["nothing is rendered"]
    return ("changed", f"{title}: {'; '.join(lines)}") if lines else ("kept", title)


def _why_left(one: Manifest, work: Work, refused: Mapping[int, list[Refused]]) -> str:
    if one.kind == "Secret":
        return "a Secret is never rendered: it stays where it is"
    for group in work.groups:
        if id(group) in refused and one in group.objects:
            return refused[id(group)][0].message
    advice = "no drafted service has it: list its file under `manifests` of sailwright.yaml"
    if one.kind == "Gateway" and one.group == "networking.istio.io":
        return f"{advice}, or it under `known.gateways`: {', '.join(inline(server) for server in servers(one))}"
    return advice
