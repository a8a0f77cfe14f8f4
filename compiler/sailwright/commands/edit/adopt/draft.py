"""Draft service files from existing manifests so that what they render is what runs, and prove it."""

from __future__ import annotations

from collections.abc import Iterable

from sailwright.commands.diff.traffic import TrafficChange
from sailwright.commands.edit.adopt.adoption import REQUESTS, Adoption, Site
from sailwright.commands.edit.adopt.drafted_checkout import DraftedCheckout
from sailwright.commands.edit.adopt.drafted_files import drafted_files
from sailwright.commands.edit.adopt.groups import Group, groups
from sailwright.commands.edit.adopt.inventory import Notes, inventory, is_label, key_of, namespace_of
from sailwright.commands.edit.adopt.outcome import outcome
from sailwright.commands.edit.adopt.proof import Compiled, compared, compile_drafts, flipped, moved, only_ports
from sailwright.commands.edit.adopt.rounds import ROUNDS, Refusals, carry_at, carry_next, different, group_of_traffic
from sailwright.commands.edit.adopt.sound import note_hooks, note_namespaces, sound
from sailwright.commands.edit.adopt.work import Round, Work
from sailwright.render.privileges import asked_for
from sailwright.runtime.errors import Failure
from sailwright.source.manifest import Manifest


def adopt(manifests: Iterable[Manifest], site: Site | None = None, accept: Iterable[str] = ()) -> Adoption:
    """Draft a service file for each Service and its workloads, with all that belongs to them; every draft is proven.

    `accept` names the kinds of difference that are meant: traffic, injection, language.
    """
    notes = Notes()
    objects = sound(manifests, notes)
    note_namespaces(objects.objects, notes)
    note_hooks(objects.objects, notes)
    found = inventory(objects.objects)
    site = site or Site()
    every = groups(found)
    known = tuple(group for group in every if (group.namespace, group.name) in site.known)
    drafted = tuple(group for group in every if group not in known and _nameable(group, notes))
    work = Work(site, found, notes, objects.left_out, drafted, Refusals(frozenset(accept)), known, tuple(objects.made))
    return outcome(work, _settled(work))


def _nameable(group: Group, notes: Notes) -> bool:
    if is_label(group.name):
        return True
    notes.add(group.objects[0], ("metadata", "name"), "its name is no DNS label, which that of a service is")
    return False


def _settled(work: Work) -> Round:
    """Rounds until nothing more is carried along or refused."""
    for number in range(ROUNDS):
        current = drafted_files(work)
        if not current.drafts:
            return current
        compiled = compile_drafts(DraftedCheckout(work.site.checkout, current.files), work.site.cache)
        if not _again(work, current, compiled, last=number == ROUNDS - 1):
            return current
    return drafted_files(work)


def _again(work: Work, current: Round, compiled: Compiled, *, last: bool) -> bool:
    """Whether another round is needed: something had to be carried along, or a group had to be refused."""
    if compiled.findings and "language" not in work.refusals.accepted:
        return _faulty(work, current, compiled, last=last)
    work.meant.clear()
    changed = False
    ports = only_ports(compiled.world.manifests)
    for group in work.standing():
        draft = current.drafts[id(group)]
        work.comparisons |= compared(draft.objects, compiled, ports)
        for one in draft.objects:
            lines = work.comparisons[key_of(one)].different
            changed |= bool(lines) and work.carried.add(one, different(lines))
    return changed or _moves(work, current, compiled, last=last) or _flips(work, compiled)


def _faulty(work: Work, current: Round, compiled: Compiled, *, last: bool) -> bool:
    """Carry along what the language does not take, group by group, or refuse the group where nothing is left to carry.

    Raises Failure for a fault that is no draft's.
    """
    if work.site.place is None and _allowed(work, compiled):
        return True
    folders = {work.site.shown(current.paths[id(group)]).rpartition("/")[0]: group for group in work.standing()}
    handled: set[int] = set()
    for finding in compiled.findings:
        file = finding.location.file
        group = next((found for folder, found in folders.items() if file.startswith(f"{folder}/")), None)
        if group is None:
            if _hollow(work):
                break
            raise Failure(f"{file}:{finding.location.line}: {finding.message}: correct this first")
        if id(group) in handled:
            continue
        handled.add(id(group))
        draft = current.drafts[id(group)]
        if asked_for(finding.help) is not None:
            work.refusals.add(group, "language", None, f"{finding.message} ({_needed(compiled, group)})")
        elif last or not carry_at(group, draft, finding.path or (), finding.message, work.carried):
            work.refusals.add(group, "language", None, finding.message)
    return True


def _hollow(work: Work) -> bool:
    """Refuse the groups of which nothing is left to draft, with what was in the way; whether there are any.

    What the project file says for every service may be wrong for a file that says nothing any more.
    """
    hollow = [group for group in work.standing() if all(one in work.carried for one in group.objects)]
    for group in hollow:
        reason = work.carried.reasons[key_of(group.objects[0])]
        work.refusals.add(group, "traffic" if reason.startswith(REQUESTS) else "language", None, reason)
    return bool(hollow)


def _needed(compiled: Compiled, group: Group) -> str:
    """What the owners of the project would list so that a group can be adopted."""
    asked = sorted({found for finding in compiled.findings if (found := asked_for(finding.help)) is not None})
    words = ", ".join(word for namespace, word in asked if namespace == group.namespace)
    return f"to have it, list `namespaces: {{{group.namespace}: {{allow: [{words}]}}}}` in sailwright.yaml"


def _allowed(work: Work, compiled: Compiled) -> bool:
    """Have the new project file list what the adopted services do today; whether that is anything more than before."""
    asked = [found for finding in compiled.findings if (found := asked_for(finding.help)) is not None]
    new = [(namespace, word) for namespace, word in asked if word not in work.allow.get(namespace, ())]
    for namespace, word in new:
        work.allow.setdefault(namespace, set()).add(word)
    return bool(new)


def _moves(work: Work, current: Round, compiled: Compiled, *, last: bool) -> bool:
    """Carry along what moves a request, or refuse the group where that is of no use."""
    changes = moved(work.found.everything(), compiled, work.site.earlier)
    if "traffic" in work.refusals.accepted:
        work.meant += map(_reason, changes)
        return False
    handled: set[int] = set()
    standing = work.standing()
    for change in changes:
        group = group_of_traffic(change, standing, work.found)
        reason = _reason(change)
        for owner in (group,) if group else standing:
            if id(owner) in handled:
                continue
            handled.add(id(owner))
            if last or not carry_next(owner, current.drafts[id(owner)], reason, work.carried):
                work.refusals.add(owner, "traffic", None, reason)
    return bool(handled)


def _reason(change: TrafficChange) -> str:
    return f"{REQUESTS} {change.host} would take another way: {change.line}"


def _flips(work: Work, compiled: Compiled) -> bool:
    """Carry along the workloads that would get a sidecar or lose theirs, or refuse their group."""
    changed = False
    for workload, line in flipped(work.found.everything(), compiled, work.site.earlier):
        owner = next((group for group in work.standing() if workload in group.workloads), None)
        if "injection" in work.refusals.accepted:
            work.meant.append(f"{workload.kind} {namespace_of(workload)}/{workload.name}: {line}")
        elif owner is not None:
            changed = True
            if not work.carried.add(workload, line):
                work.refusals.add(owner, "injection", workload, line)
    return changed
