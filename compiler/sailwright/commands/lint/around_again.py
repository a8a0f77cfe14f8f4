"""What rules find around the services once these have changed in more than what is linked to them: rules ask about it again where they did.

Where no rule asked about any kind of object that the services have or had, nothing is asked again. Else all services are held, of each a few
fields (see `commands.portions.around`).
"""

from __future__ import annotations

import marshal
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from sailwright.commands.lint.all_services import AllServices
from sailwright.commands.lint.change import Change
from sailwright.commands.lint.linked_services import LinkedServices
from sailwright.commands.lint.units import places_of
from sailwright.lint.asked_kinds import ALL
from sailwright.lint.deduplicate import WorldFinding
from sailwright.lint.links import Links, add_links
from sailwright.lint.noted_fields import Noted, noting_worlds
from sailwright.lint.run_rules import Absent, EnabledRule, run_rules
from sailwright.lint.units import Units
from sailwright.lint.whole_mesh import asks_whole_mesh
from sailwright.mesh.queries.traits import Traits
from sailwright.mesh.values import kinds
from sailwright.mesh.world import World
from sailwright.runtime.records import dataclass


@dataclass(frozen=True, slots=True)
class Again:
    """What is true of the whole mesh now, what rules `found` around the services where they were asked again, the absences that they
    reported there, and what to know of that.

    `ours` has all files of services and what is judged as one; it is None where no rule was asked again.
    """

    traits: list[Traits]
    known: dict[str, Any]
    absent: Absent = frozenset()
    found: tuple[WorldFinding, ...] = ()
    whole: frozenset[str] = frozenset()
    linked: frozenset[str] = frozenset()
    ours: Collection[str] | None = None

    def beside(self, earlier: Iterable[WorldFinding]) -> list[WorldFinding] | None:
        """What was found earlier and is not found again; None where groups of objects are others."""
        if self.ours is None:
            return list(earlier)
        beside: list[WorldFinding] = []
        groups: Counter[tuple[int, str, Any]] = Counter()
        for each in earlier:
            rule = each.finding.rule
            if rule in self.whole:
                continue
            if rule in self.linked:
                groups[each.world, rule, each.finding] += all(path not in self.ours for path in each.finding.files)
            elif each.file not in self.ours:
                continue
            beside.append(each)
        groups.subtract((each.world, each.finding.rule, each.finding) for each in self.groups)
        return None if any(groups.values()) else beside

    @property
    def groups(self) -> list[WorldFinding]:
        """What was found in groups now: it is what was found in them before."""
        return [each for each in self.found if each.finding.rule in self.linked]

    @property
    def new(self) -> list[WorldFinding]:
        """What was found that is to stand in the place of what was found earlier."""
        return [each for each in self.found if each.finding.rule not in self.linked]


def around_again(
    change: Change,
    linked: LinkedServices,
    rules: Sequence[EnabledRule],
    worlds: Sequence[World],
    files: set[str],
    told: list[Traits] | None,
    every: AllServices,
) -> Again | None:
    """What is found around the services; None where they are not to be told apart from what is around.

    `worlds` are those of the linked services, whose `files` these are, and `told` the traits of the mesh where these follow from theirs.
    `every` has all services. May raise LostRow.
    """
    if _selected(worlds, files, linked.asked):
        return None
    known, changed = change.last.known, _kinds(change)
    absent_around = any(file not in every.ours for _, file in known["absent"])
    if told is not None and not absent_around and changed.isdisjoint(known["asked around"]):
        more = _quietly(change, rules, worlds, files, changed)
        if more is not None:
            noted = sorted({*map(tuple, known["around noted"]), *more[0]})
            return Again(told, {"around noted": noted, "asked around": sorted({*known["asked around"], *more[1]})})
    return _looked_around(change, rules, every)


def _kinds(change: Change) -> frozenset[str]:
    """The kinds of objects that services have or had, and what stands for all kinds."""
    found = {ALL}
    for data in (*(change.former or {}).values(), *change.part.packed.values()):
        files, _ = marshal.loads(data)  # noqa: S302  # sealed, and our own
        for *_, objects, _ in files:
            found.update(kinds.kind_of(str(value.get("apiVersion")), str(value.get("kind"))) for value, *_ in objects)
    return frozenset(found)


def _selected(worlds: Iterable[World], files: Collection[str], asked: frozenset[int]) -> bool:
    """Whether a Gateway may select pods that ask for these links, which they did not: whoever uses it hangs on them then."""
    for world in worlds:
        for manifest in world.index.of(kinds.GATEWAY):
            if manifest.document.source.path not in files:
                add_links(links := Links(), manifest.value, places_of(world))
                if not asked.isdisjoint(links.selecting):
                    return True
    return False


def _quietly(
    change: Change, rules: Sequence[EnabledRule], worlds: Sequence[World], files: set[str], changed: frozenset[str]
) -> tuple[Noted, set[str]] | None:
    """What the rules that ask the whole mesh read and ask about, if they find nothing and ask about none of these kinds; else None."""
    noted: Noted = set()
    asked: set[str] = set()
    units = Units({path: path for path in files}, tuple(change.places(_paths(worlds))))
    asking = [each for each in rules if asks_whole_mesh(each.rule)]
    for number, world in enumerate(noting_worlds(tuple(worlds), noted, files)):
        run = run_rules([world], asking, units, number, around=True)
        if run.found or run.crashes or not changed.isdisjoint(run.kinds):
            return None
        asked |= run.kinds
    return noted, asked


def _paths(worlds: Iterable[World]) -> set[str]:
    return {manifest.document.source.path for world in worlds for manifest in world.manifests}


def _looked_around(change: Change, rules: Sequence[EnabledRule], every: AllServices) -> Again | None:
    """What rules find around all services. May raise LostRow."""
    around = every.around()
    if around is None or around.result.crashes or not _alike(change, around.traits):
        return None
    result = around.result
    known = {"around noted": sorted(result.around), "asked around": sorted(result.asked_around)}
    whole, linked = (
        frozenset(each.rule.ID for each in rules if is_so(each.rule))
        for is_so in (asks_whole_mesh, lambda rule: rule.KIND.linked and not asks_whole_mesh(rule))
    )
    return Again([*around.traits], known, result.absent, result.seen, whole, linked, every.ours)


def _alike(change: Change, now: Iterable[Traits]) -> bool:
    """Whether nothing about a service hangs on others than those it is linked to, and what is true of all is what it was."""
    former = (Traits(*plain) for plain in change.last.known["traits"])
    return all(
        each.divisible and each.same_for_others(old) and each.populated_anew(old) <= change.namespaces
        for old, each in zip(former, now, strict=True)
    )
