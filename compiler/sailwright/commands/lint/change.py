"""The results of a lint after a change of services alone, from those of the last one: here where it concerns nobody else.

That is a change in nothing but fields that no rule about the mesh has read (see `lint.noted_fields`): a new image, other variables. Then
what such rules found anywhere still holds, and so does what others found in other services: no other service is looked at. Whatever is
not certain here (another field, a problem that hangs on other objects, findings whose lines may have moved) is left to a run of all rules.
"""

from __future__ import annotations

import marshal
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

from sailwright.commands.lint.results import Changed, LastRun, changed_tables, hang_on_the_day, keep_known, plain_found
from sailwright.commands.lint.suppressions import marked_files, names_of, plain_annotations
from sailwright.commands.lint.units import plain_seen, seen_earlier
from sailwright.commands.rules import rule_of_module
from sailwright.diagnostics.plain import finding_of, plain_finding, plain_skipped
from sailwright.lint.deduplicate import WorldFinding, resolve
from sailwright.lint.noted_fields import Noted, same_but_for_unread, same_file_but_for_unread
from sailwright.lint.parallel import in_order
from sailwright.lint.run import Judged, carries_suppressions, findings_of, hidden_of, used_of
from sailwright.lint.run_alone import NeedsMesh, run_alone
from sailwright.lint.run_rules import EnabledRule
from sailwright.lint.suppression_audit import annotated
from sailwright.mesh.queries.uncertain import any_uncertain
from sailwright.mesh.world import World
from sailwright.project.service.resolve import Target
from sailwright.runtime.records import dataclass, replace
from sailwright.runtime.table import Keeping
from sailwright.source.files.recorded import Recorded
from sailwright.workspace.compile import InvalidProject, LoadedProject, load_project
from sailwright.workspace.extra_files import UNLISTED, unlisted_services
from sailwright.workspace.file_order import place_of_service
from sailwright.workspace.kept_rendering import KeptRendering, Part, kept_rendering
from sailwright.workspace.packed_services import Keyed
from sailwright.workspace.parallel import with_packed
from sailwright.workspace.selection import Selection
from sailwright.workspace.service_change import dropped_files, namespaces_after, only_services, same_names, same_places
from sailwright.workspace.worlds import absent_by_records, build_worlds, rendered_manifests


@dataclass(frozen=True)
class Change:
    """What is known of the last run, the services that have changed since as they are rendered now, and the worlds of these alone.

    `same_names`: they are those that they were, with the names and hosts that they had.
    """

    last: LastRun
    kept: KeptRendering
    part: Part
    worlds: tuple[World, ...]
    same_names: bool

    @property
    def noted(self) -> Noted:
        """The fields that were read."""
        return set(map(tuple, self.last.known["noted"]))

    @cached_property
    def former(self) -> Mapping[str, bytes] | None:
        """What was rendered of the services before, by path; None where some of it is not there."""
        return self.kept.former(self.part)

    @cached_property
    def files(self) -> frozenset[str]:
        """The files of the services and what is rendered of them, as they are and as they were."""
        output = self.part.compilation.project.output.path
        rendered = (file for keyed in self.part.rendered.values() for _, file in keyed)
        return self.part.own | {f"{output}/{file.path}" for file in rendered} | self.former_places.keys()

    @cached_property
    def around(self) -> tuple[World, ...]:
        """The worlds of what is around all services."""
        compilation = self.part.compilation
        nothing: dict[Target, Keyed] = dict.fromkeys(compilation.targets, ())
        inhabited = namespaces_after(self.part.change, self.part.records)
        rendered = with_packed(compilation, nothing, {}, self.part.findings, None, inhabited)
        return build_worlds(rendered, absent=self.last.known["around"][2]).worlds

    def places(self, files: Iterable[str]) -> list[dict[str, str]]:
        """The places of some files, those of the changed services among them, in each world."""
        known: Sequence[Mapping[str, str]] = self.last.known["places"]
        found = [{path: each[path] for path in files if path in each} for each in known]
        for number, path, place in self.own_places():
            found[number][path] = place
        return found

    def own_places(self) -> Iterator[tuple[int, str, str]]:
        """The places of what is rendered of the changed services, each with the number of its world and its path."""
        output = self.part.compilation.project.output.path
        for number, target in enumerate(self.part.compilation.targets):
            for key, file in self.part.rendered[target]:
                yield number, f"{output}/{file.path}", place_of_service(key)

    @cached_property
    def former_places(self) -> dict[str, tuple[int, ...]]:
        """The files that were rendered of the services before, each with the numbers of its worlds."""
        output, found = self.part.compilation.project.output.path, dict[str, tuple[int, ...]]()
        for data in (self.former or {}).values():
            files, _ = marshal.loads(data)  # noqa: S302  # sealed, and our own
            for number, _, path, *_ in files:
                found[f"{output}/{path}"] = (*found.get(f"{output}/{path}", ()), number)
        return found


def open_change(selection: Selection, last: LastRun) -> Change | None:
    """The change since the last run, where it is one of services alone; None where it is not, or not known to be."""
    known, state = last.known, last.state
    if not known.get("around") or known["uncertain"] or selection.istio_version is not None:
        return None
    ready = selection.part
    if ready is not None and not (selection.environments or selection.clusters):
        loaded: LoadedProject | InvalidProject = ready.loaded
    else:
        loaded = load_project(last.checkout, selection.environments, selection.clusters)
    if isinstance(loaded, InvalidProject) or not (state.same_globs or only_services(loaded, state)):
        return None
    kept = kept_rendering(loaded, selection.cache, injecting=selection.injecting, store=last.store)
    part = kept.part(loaded, selection.cache, state, ready) if kept is not None else None
    if kept is None or part is None or state.changed_inputs - part.own:
        return None
    if known["services"].table.rows != part.state.known["services"]:
        return None
    _, _, hosts, meshes = known["around"]
    same = state.same_globs and same_names(part.change, part.records)
    if not same and not _same_around(part, known):
        return None
    worlds = _worlds(part, hosts)
    if [repr(world.index.mesh) for world in worlds] != meshes or any(any_uncertain(world.index) for world in worlds):
        return None
    return Change(last, kept, part, worlds, same)


def _same_around(part: Part, known: Mapping[str, Any]) -> bool:
    """Whether all is the same that is not said by files of services: Namespaces, hosts that are absent, files that nobody listed."""
    if not same_places(part.change, part.records, "mesh"):
        return False
    project, hosts = (
        part.compilation.project,
        absent_by_records(part.compilation, (each for _, each in part.each_record())),
    )
    unlisted = [each for each in known["skipped"] if each[1] == UNLISTED]
    return hosts == list(map(frozenset, known["around"][2])) and unlisted == list(
        map(plain_skipped, unlisted_services(project))
    )


def _worlds(part: Part, hosts: Sequence[Sequence[str]]) -> tuple[World, ...]:
    """What is rendered of the services, cluster by cluster; `hosts` are those that are absent in each."""
    compilation = part.compilation
    made: list[World] = []
    for target, absent in zip(compilation.targets, hosts, strict=True):
        files = (file for _, file in sorted(part.rendered[target], key=lambda each: each[0]))
        manifests = tuple(manifest for file in files for manifest in rendered_manifests(compilation, file))
        context = compilation.renderings[target].context
        facts = replace(context.facts, absent_hosts=frozenset(absent))
        siblings = tuple(each for each in made if each.environment == target.environment)
        made.append(World(manifests, facts, target.environment, target.cluster, siblings=siblings))
    return tuple(made)


def suppresses_anew(change: Change) -> bool:
    """Whether anything is suppressed for the first time, or there is something that may not be kept."""
    if hang_on_the_day(change.worlds):
        return True
    if change.last.known["names"] is not None:
        return False
    marked = marked_files(change.part.compilation.services.sources)
    return bool(marked) or carries_suppressions(change.worlds)


def _concerns_nobody_else(change: Change) -> bool:
    """Whether nothing that was read of these services is another, nothing is suppressed for the first time, and no finding of others
    is about them.
    """
    if suppresses_anew(change):
        return False
    part, noted = change.part, change.noted
    former = change.former
    if former is None:
        return False
    for path, data in part.packed.items():
        if not _same_service(marshal.loads(former[path]), marshal.loads(data), noted):  # noqa: S302  # sealed, and our own
            return False
    asked, ours = frozenset(change.last.known["asked"]), change.files
    return not any(
        rule in asked and not ours.isdisjoint(finding_of(plain).files)
        for _, rule, *_, plain in change.last.known["seen"]
    )


def _same_service(old: Any, new: Any, noted: Noted) -> bool:
    """Whether what is packed of a service file differs in nothing that was read."""
    (old_files, old_sources), (new_files, new_sources) = old, new
    if len(old_files) != len(new_files) or len(old_sources) != len(new_sources) or old_sources[1:] != new_sources[1:]:
        return False
    (_, _, *former), (_, data, *current) = old_sources[0], new_sources[0]
    if b"${" in data or len(former[1]) != len(current[1]):
        return False
    if not all(same_file_but_for_unread(*pair, noted) for pair in zip(former[1], current[1], strict=True)):
        return False
    return all(_same_file(*pair, noted) for pair in zip(old_files, new_files, strict=True))


def _same_file(old: Any, new: Any, noted: Noted) -> bool:
    (*old_place, old_objects, old_root), (*new_place, new_objects, new_root) = old, new
    if old_place != new_place or old_root != new_root or len(old_objects) != len(new_objects):
        return False
    return all(
        former[1:] == current[1:] and same_but_for_unread(former[0], current[0], noted)
        for former, current in zip(old_objects, new_objects, strict=True)
    )


def after_change(change: Change) -> LastRun | None:
    """What is known once the rules that ask nothing of the mesh have run for the changed services; None where others may be concerned.

    It is kept in the place of what was known, and what is rendered as well.
    """
    if not change.same_names or not _concerns_nobody_else(change):
        return None
    known = change.last.known
    ids: list[str] = known["ids"]
    numbers = {rule: number for number, rule in enumerate(ids)}
    names = names_of(known)
    asked, ours = frozenset(known["asked"]), change.files
    earlier = [
        each
        for each in seen_earlier(known, numbers, known["places"])
        if each.finding.rule in asked or each.file not in ours
    ]
    try:
        found = list(run_alone(change.worlds, _rules(known), known["places"]))
    except NeedsMesh:
        return None
    new = [
        WorldFinding(world, numbers[each.chosen.rule.ID], resolve(each), each.turn, each.file, annotated(each, names))
        for world, each in found
    ]
    return keep_renewed(change, (*earlier, *new), {})


def keep_renewed(change: Change, found: Iterable[WorldFinding], more: Mapping[str, Any]) -> LastRun:
    """Keep what is known now that rules have found this in all worlds, and `more`, in the place of what was. So is what is rendered."""
    known, part = change.last.known, change.part
    ids, names = known["ids"], names_of(known)
    seen = in_order(found)
    shown = findings_of(seen, known["replacements"])
    judged = Judged(shown, hidden_of(seen), used_of(seen), (), (), {}, frozenset(known["ran"]), names)
    problems = [each for each in known["problems"] if finding_of(each).location.file not in part.own]
    problems += [plain_finding(each) for each in part.findings if each.location.file in part.own]
    keeping = Keeping(change.last.store)
    renewed = {
        **known,
        **_inputs(change, keeping),
        **changed_tables(change.last, _rows(change), keeping),
        "count": known["count"] + len(part.records.keys() - part.change.earlier.keys()) - len(part.change.gone),
        "problems": problems,
        **plain_found(judged),
        **_suppressions(change),
        "seen": [plain_seen(each, ids) for each in seen],
        **more,
    }
    return keep_known(change.last, renewed, keeping)


def _rows(change: Change) -> dict[str, Changed]:
    """What the tables have of the changed services, and have no more."""
    part = change.part
    documents = {source.path: (source.dialect, len(source.documents)) for source in part.compilation.services.sources}
    places = {f"{number} {path}": place for number, path, place in change.own_places()}
    former = {f"{number} {path}" for path, numbers in change.former_places.items() for number in numbers}
    return {
        "files": (documents, part.change.gone),
        "services": (change.kept.keep_part(part), part.change.gone),
        "places": (places, former - places.keys()),
    }


def _suppressions(change: Change) -> dict[str, Any]:
    """What suppresses findings in all files: those of the changed services anew."""
    known = change.last.known
    sources = change.part.compilation.services.sources
    again = {*(source.path for source in sources), *change.part.change.gone}
    others = [each for each in known["annotations"] if each[1] not in change.files]
    return {
        "marked": [*(path for path in known["marked"] if path not in again), *marked_files(sources)],
        "annotations": [*others, *plain_annotations(change.worlds)] if known["names"] is not None else [],
    }


def _rules(known: Mapping[str, Any]) -> Iterator[EnabledRule]:
    """The rules that ask nothing of the mesh and have subjects in it: there are no others for the same objects."""
    for module, severity, parameters in known["rules"]:
        rule = rule_of_module(module)
        if rule is None:
            raise NeedsMesh
        yield EnabledRule(rule, severity, parameters)


def _inputs(change: Change, keeping: Keeping) -> dict[str, Any]:
    """What to know of the files that were read: those of the changed services anew."""
    part, checkout = change.part, change.part.compilation.project.checkout
    reads, since = (checkout.reads, checkout.since) if isinstance(checkout, Recorded) else ({}, None)
    own = {path: reads[path] for path in part.own if path in reads}
    return change.last.state.renewed(keeping, own, dropped_files(part.change, part.records) - own.keys(), since)
