"""The results of a lint after a change that others may see, from those of the last one: rules run again for what is linked to it.

The services that have changed, come or gone, and those that they are or were linked to, over however many others, are a mesh by themselves:
whatever a rule asks about one of their objects, no other service has a part in the answer (see `lint.links`). What hangs on more is known
of the last run: the traits of the whole mesh, and which fields rules read for what is around all services. Where more than that may
be another, rules run again for what is around (see `around_again`).
"""

from __future__ import annotations

from collections.abc import Collection, Container, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from sailwright.commands.lint.change import Change, suppresses_anew
from sailwright.commands.lint.keep_change import keep_renewed
from sailwright.commands.lint.linked_services import LinkedServices, linked_services
from sailwright.commands.lint.results import LastRun
from sailwright.commands.lint.same_objects import includes, same_objects
from sailwright.commands.lint.suppressions import names_of
from sailwright.commands.lint.units import RULES, RULES_WITH_SUBJECTS, known_rules, seen_earlier
from sailwright.lint.deduplicate import WorldFinding, resolve
from sailwright.lint.noted_fields import POD, Noted, noting_worlds
from sailwright.lint.run_linked import LinkedRun, run_linked
from sailwright.lint.run_rules import Absent, EnabledRule, RuleRun, read_for
from sailwright.lint.suppression_audit import annotated
from sailwright.lint.whole_mesh import FOLLOWS_CALLS, asks_whole_mesh
from sailwright.mesh.queries.traits import Traits, traits
from sailwright.mesh.world import World
from sailwright.workspace.worlds import build_worlds

if TYPE_CHECKING:
    from sailwright.commands.lint.all_services import AllServices
    from sailwright.commands.lint.around_again import Again
    from sailwright.workspace.parallel import Rendered


_OF_MEMBERS: Final = frozenset(((POD, "hostNetwork"),))
"""What says, beside labels and the proxy, whether pods are in the mesh: a policy that nothing links to them may select none for want of these."""


def after_linked_change(change: Change) -> LastRun | None:
    """What is known once rules have run for the changed services and for what is linked to them; None where more may be concerned."""
    known = change.last.known
    if not known.get("links") or suppresses_anew(change):
        return None
    former = change.former
    if former is None:
        return None
    linked = linked_services(change, former)
    return _after(change, former, linked) if linked is not None else None


def _after(change: Change, former: Mapping[str, bytes], linked: LinkedServices) -> LastRun | None:
    known, part = change.last.known, change.part
    services = known["services"].keys()
    rendered = change.kept.linked(part, (linked.paths & services) - part.change.gone)
    if rendered is None:
        return None
    output = rendered.compilation.project.output.path
    own = {f"{output}/{file.path}" for each in rendered.files.values() for file in each if file.source in linked.paths}
    files = own | change.former_places.keys() | (linked.paths - services - part.records.keys())
    cut = linked.judged != linked.paths
    judging = files if not cut else _files_of(linked.judged, rendered, files - own, output)
    noted = set(map(tuple, known["noted"]))
    plain = build_worlds(rendered, absent=known["around"][2]).worlds
    if [repr(world.index.mesh) for world in plain] != known["around"][3]:
        return None
    around_noted = set(map(tuple, known["around noted"]))
    alike = linked.same_offers and change.same_names and same_objects(former, part.packed, around_noted | _OF_MEMBERS)
    if not alike and includes((*former.values(), *part.packed.values())):
        return None
    rules = known_rules(known, *(RULES_WITH_SUBJECTS if alike else RULES))
    if rules is None or (cut and not (alike and _same_calls(change, plain))):
        return None
    worlds = noting_worlds(plain, noted, files)
    told = _told(change, worlds, files)
    every, again = None, None
    if not alike:
        from sailwright.commands.lint.all_services import AllServices
        from sailwright.commands.lint.around_again import around_again

        every = AllServices(change)
        again = around_again(change, linked, rules, plain, files, told, every)
        told = again.traits if again is not None else None
    if told is None:
        return None
    for world, whole in zip(worlds, told, strict=True):
        whole.tell(world.index)
    noted_before = frozenset(noted)
    if cut:
        rules = tuple(each for each in rules if each.rule.ID not in FOLLOWS_CALLS)
    sources = {source.path for source in rendered.sources}
    found = _judged(change, worlds, judging, {*files, *sources}, noted, rules, again, cut=cut)
    if found is None:
        return None
    earlier, judged = found
    others = frozenset(each for each in map(tuple, known["absent"]) if each[1] not in judging)
    if again is not None and again.ours is not None:
        others = frozenset(each for each in others if each[1] in again.ours)
    wanted = judged.absent | (
        others | judged.in_vain if again is not None else _not_known(change, linked, judged.in_vain)
    )
    looked = _looked_for(change, every, wanted, earlier)
    if looked is None:
        return None
    seen, more_noted = looked
    asked = frozenset(known["asked"]) | judged.asked
    more = {
        "noted": sorted(noted_before | read_for(judged.reads, judged.asked) | more_noted),
        "absent": sorted(
            others | judged.absent | judged.in_vain | (again.absent if again is not None else frozenset())
        ),
        "asked": sorted(asked),
        **_sorted_rules(known, judged.busy if again is not None else frozenset(), asked),
        "traits": [each.plain() for each in told],
        **linked.keep(change),
        **(again.known if again is not None else {}),
    }
    return keep_renewed(change, seen, more)


def _same_calls(change: Change, worlds: Sequence[World]) -> bool:
    from sailwright.commands.lint.same_calls import same_calls

    return same_calls(change, worlds)


def _files_of(services: Container[str], rendered: Rendered, others: Collection[str], output: str) -> set[str]:
    """What is rendered of some services, and the hand-written files among these; of the `others` those that were rendered before."""
    found = {f"{output}/{file.path}" for each in rendered.files.values() for file in each if file.source in services}
    return found | {path for path in others if path in services}


def _not_known(change: Change, linked: LinkedServices, in_vain: Absent) -> Absent:
    """Those of the rules which looked for a like host in vain, each with a file, that may find one elsewhere. While no service comes, goes or
    has other names, whoever looked in vain before, and asks for nothing new, does so still.
    """
    if linked.asked:
        return in_vain
    known = change.last.known
    seen = seen_earlier(known, {rule: number for number, rule in enumerate(known["ids"])}, known["places"])
    return in_vain - (frozenset(map(tuple, known["absent"])) - {(each.finding.rule, each.file) for each in seen})


def _looked_for(
    change: Change, every: AllServices | None, absent: Absent, seen: Sequence[WorldFinding]
) -> tuple[Sequence[WorldFinding], frozenset[tuple[str, str]]] | None:
    """What was `seen`, and the fields that were read for it, once rules have looked among all services for what they report as absent: it
    may be elsewhere, or what is of a like name. None where that is not known. May raise LostRow.
    """
    if not absent:
        return seen, frozenset()
    from sailwright.commands.lint.all_services import AllServices

    found = (every or AllServices(change)).absent(absent)
    if found is None or found.crashes:
        return None
    return [*(each for each in seen if (each.finding.rule, each.file) not in absent), *found.seen], found.noted


def _sorted_rules(known: Mapping[str, Any], busy: frozenset[str], asked: frozenset[str]) -> dict[str, Any]:
    """The rules as they are known, now that more of them have subjects, or have asked."""
    former = {_id_of(each) for name in RULES_WITH_SUBJECTS for each in known[name]} | busy
    every = [each for name in RULES for each in known[name]]
    return {
        "rules": [each for each in every if _id_of(each) in former - asked],
        "asking rules": [each for each in every if _id_of(each) in former & asked],
        "idle rules": [each for each in every if _id_of(each) not in former],
    }


def _id_of(plain: Sequence[Any]) -> str:
    """The ID of a rule, by the name of its module."""
    return str(plain[0]).rpartition(".")[2].replace("_", "-")


def _told(change: Change, worlds: tuple[World, ...], files: set[str]) -> list[Traits] | None:
    """The traits of the whole mesh, of which the worlds are parts, where they are what they were."""
    told: list[Traits] = []
    for number, (plain, world) in enumerate(zip(change.last.known["traits"], worlds, strict=True)):
        whole, part = Traits(*plain), traits(world.index)
        callers = {} if whole.alike else change.more_callers(number, world)
        after = whole.after(part, files, change.more_workloads[number], callers)
        if not whole.still(part, files) or not after.populated_anew(whole) <= change.namespaces:
            return None
        if after.callers.keys() != whole.callers.keys():
            return None
        told.append(after)
    return told


def _judged(
    change: Change,
    worlds: tuple[World, ...],
    files: set[str],
    linked: set[str],
    noted: Noted,
    rules: Sequence[EnabledRule],
    again: Again | None,
    *,
    cut: bool,
) -> tuple[list[WorldFinding], RuleRun] | None:
    """What all rules find now, in whatever files, and the run of those for these files; None where that is not known without the others.

    `linked` are the files, and those that they come from. Where they are `cut` off from others, the calls are what they were, and so is
    what rules find that follow them.
    """
    known, ours = change.last.known, change.files
    asked = frozenset(known["asked"])
    numbers = {rule: number for number, rule in enumerate(known["ids"])}
    names = names_of(known)
    every = seen_earlier(known, numbers, known["places"])
    earlier = again.beside(every) if again is not None else list(every)
    if earlier is None:
        return None
    whole = ({each.rule.ID for each in rules if asks_whole_mesh(each.rule)} & asked) | (FOLLOWS_CALLS if cut else set())
    seen = [
        each
        for each in earlier
        if each.finding.rule in whole or each.file not in (files if each.finding.rule in asked else ours)
    ]
    if any(
        each.finding.rule in asked | whole and not (ours if each.file else linked).isdisjoint(each.finding.files)
        for each in seen
    ):
        return None
    run = LinkedRun(files, ours, asked, change.places(files))
    others = rules if again is None else [each for each in rules if not asks_whole_mesh(each.rule)]
    try:
        judged = run_linked(worlds, others, run, noted)
    except Exception:  # noqa: BLE001 - whatever a rule does here, it is reported where all rules run
        return None
    ids = {id(world): number for number, world in enumerate(worlds)}
    seen += (
        WorldFinding(
            ids[id(each.world)],
            numbers[each.chosen.rule.ID],
            resolve(each),
            each.turn,
            each.file,
            annotated(each, names),
        )
        for each in judged.found
    )
    return [*seen, *(again.new if again is not None else ())], judged
