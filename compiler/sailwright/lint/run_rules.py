"""Run rules over worlds. What they yield is resolved to places later; a rule that crashes is itself reported."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from time import process_time
from typing import Any

from sailwright.diagnostics.finding import Finding, Location, Severity
from sailwright.lint.absences import Absences
from sailwright.lint.rule import Analyzer, Problem, Rule
from sailwright.lint.units import NotingMesh, Subjects, Turn, Units
from sailwright.mesh.world import World
from sailwright.runtime.progress import counted
from sailwright.runtime.records import dataclass, field
from sailwright.source.placeholders import at, holds_placeholder, is_unknown


@dataclass(frozen=True, slots=True)
class EnabledRule:
    """A rule that runs, with its severity here and the parameters that differ from its own."""

    rule: Rule
    severity: Severity | None = None
    parameters: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class WorldProblem:
    """A problem as one rule saw it in one world, in its turn; `file` has the subject, where the turn hangs on that."""

    chosen: EnabledRule
    problem: Problem
    world: World
    turn: Turn = (0, "", 0)
    file: str = ""

    @property
    def severity(self) -> Severity:
        """The project's severity for the rule, else the problem's, else the rule's."""
        return self.chosen.severity or self.problem.severity or self.chosen.rule.SEVERITY


Absent = frozenset[tuple[str, str]]
"""The IDs of rules, each with a file."""

Reads = tuple[tuple[str, frozenset[tuple[str, str]]], ...]
"""The IDs of rules in the order in which they ran in one process, each with the fields that were not read before."""


def read_for(reads: Reads, asked: frozenset[str]) -> frozenset[tuple[str, str]]:
    """The fields that were read when the last of the rules that `asked` was done: what one reads, later ones may have from it."""
    last = max((turn for turn, (rule, _) in enumerate(reads) if rule in asked), default=-1)
    return frozenset(each for _, fields in reads[: last + 1] for each in fields)


@dataclass(frozen=True, slots=True)
class RuleRun:
    """What a run of rules came to: the problems, the crashes as findings, and the seconds each rule took.

    `asked` are the IDs of the rules that asked the mesh about other objects, where units are known, and `reads` the fields that each rule
    was the first to read, rule by rule. Those that are `busy` had a subject. `absent` are the rules, each with the file of a subject of
    which it reported an absence, whether or not that is known; those are `in_vain` that looked for a host like one that is nowhere and
    found none, where they are told apart. `kinds` are those of objects about which the mesh was asked for what is around units, and `in_need`
    the rules about groups that asked.
    """

    found: tuple[WorldProblem, ...]
    crashes: tuple[Finding, ...]
    seconds: Mapping[str, float]
    asked: frozenset[str] = frozenset()
    reads: Reads = ()
    busy: frozenset[str] = frozenset()
    absent: Absent = frozenset()
    in_need: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()
    in_vain: Absent = frozenset()


def run_rules(
    worlds: Iterable[World],
    chosen: Iterable[EnabledRule],
    units: Units | None = None,
    first: int = 0,
    *,
    around: bool = False,
) -> RuleRun:
    """Run every chosen rule once per world. `units` has what is known of the last run, `first` is the number of the first world.

    Where units are known, rules run for what is `around` them, or for the rest.
    """
    rules = tuple(chosen)
    found: list[WorldProblem] = []
    crashes: dict[str, Finding] = {}
    seconds = dict.fromkeys((each.rule.ID for each in rules), 0.0)
    asked: set[str] = set()
    busy: set[str] = set()
    in_need: set[str] = set()
    kinds: set[str] = set()
    absent: set[tuple[str, str]] = set()
    reads: list[tuple[str, frozenset[tuple[str, str]]]] = []
    for number, world in enumerate(worlds, first):
        subjects = Subjects(world, number, units, around=around) if units is not None else None
        for each in counted(rules, "running rules"):
            start = process_time()
            before = frozenset(units.noted) if units is not None else frozenset()
            try:
                if subjects is None:
                    found += [WorldProblem(each, problem, world) for problem in _problems(each, world)]
                else:
                    found += _in_units(each, world, subjects, asked, in_need, absent)
                    busy |= {each.rule.ID} if subjects.any_of(each.rule) else set()
            except Exception as error:  # noqa: BLE001 - whatever a rule does, the others still run
                crashes.setdefault(each.rule.ID, _crash(each.rule, error))
            seconds[each.rule.ID] += process_time() - start
            if subjects is not None and units is not None:
                kinds |= subjects.kinds
                reads.append((each.rule.ID, frozenset(units.noted - before)))
    more = (frozenset(busy), frozenset(absent), frozenset(in_need), frozenset(kinds))
    return RuleRun(tuple(found), tuple(crashes.values()), seconds, frozenset(asked), tuple(reads), *more)


def _in_units(
    chosen: EnabledRule,
    world: World,
    subjects: Subjects,
    asked: set[str],
    in_need: set[str],
    absent: set[tuple[str, str]],
) -> list[WorldProblem]:
    """What a rule has against the subjects for which it runs, each in its turn.

    Notes in `asked` whether it asks the mesh, or must be taken to, in `in_need` whether it does about groups, and in `absent` where it reports
    an absence.
    """
    from sailwright.mesh.queries.uncertain import any_uncertain

    rule, parameters, check = chosen.rule, chosen.parameters, chosen.rule.check
    noting = NotingMesh(world, subjects.noting)
    mesh = world if subjects.asks(rule) and subjects.noting is None else noting
    found: list[WorldProblem] = []
    some = False
    for part, subject in subjects.of(rule):
        some = True
        for problem in check(subject, mesh, **parameters):
            if problem.absent is not None or any_uncertain(world.index):
                noting.asked = True
            if problem.absent is not None:
                absent.add((rule.ID, subjects.turn(rule, part, subject, 0)[1]))
            if not is_undecided(rule, problem, world):
                turn, file = subjects.turn(rule, part, subject, len(found))
                found.append(WorldProblem(chosen, problem, world, turn, file))
        if asked_in_vain(world) and not rule.KIND.linked:
            absent.add((rule.ID, subjects.turn(rule, part, subject, 0)[1]))
    asks = noting.asked or mesh is world
    if asks or subjects.asks(rule) or rule.KIND.parts is None:
        asked.add(rule.ID)
    if asks and some and rule.KIND.linked and subjects.noting is None:
        in_need.add(rule.ID)
    return found


def _problems(chosen: EnabledRule, world: World) -> Iterator[Problem]:
    """What a rule has against the subjects of its kind, one after the other."""
    rule, parameters = chosen.rule, chosen.parameters
    kind, check = rule.KIND, rule.check
    analyzer: Analyzer | None = getattr(rule, "COMPAT", None) if world.facts.compat else None
    if analyzer is not None:
        kind, check = analyzer.kind, analyzer.check
    said: set[tuple[object, ...]] = set()
    absences = Absences(world.with_siblings)
    for subject in kind.listed(world):
        for problem in check(subject, world, **parameters):
            if problem.manifest.traced is not None and _said_already(problem, said):
                continue
            if world.reported is not None and problem.manifest.document.source.path not in world.reported:
                continue
            if not world.facts.compat and is_undecided(rule, problem, world):
                continue
            if world.with_siblings is None or problem.absent is None or absences.has(rule, parameters, problem):
                yield problem


def _said_already(problem: Problem, said: set[tuple[object, ...]]) -> bool:
    """Whether the same was said of an object that another kustomization makes of the same text."""
    manifest = problem.manifest
    known = (id(manifest.document), manifest.base, problem.path, problem.message)
    if known in said:
        return True
    said.add(known)
    return False


_ABOUT_PLACEHOLDERS = frozenset(("flux-substitution",))
"""Rules that report placeholders themselves."""

_WHOLE = 2
"""Keys of a path (`spec`, `spec.template`) below which there is so much that a placeholder may have nothing to do with a problem."""


def asked_in_vain(world: World) -> bool:
    """Whether a rule looked for a host like one that is nowhere and found none, since this was last asked: elsewhere there may be one."""
    registry = vars(world.index).get("registry")
    if registry is None:
        return False
    found, registry.asked_in_vain = registry.asked_in_vain, False
    return bool(found)


def is_undecided(rule: Rule, problem: Problem, world: World) -> bool:
    """Whether the repository cannot know a problem of a rule: a value that is filled in later decides, in it, in a related place or
    in an object it names; something changes one of these that cannot be read; or it reports as absent what may be elsewhere.
    """
    from sailwright.mesh.queries.uncertain import hangs_on_another

    if rule.ID in _ABOUT_PLACEHOLDERS:
        return False
    related = ((manifest, path) for manifest, path, _ in problem.related)
    about = ((problem.manifest, problem.path), *related)
    if any(manifest.opaque for manifest, _ in about):
        return True
    holes = about[1:] if problem.key else about  # of a key it is not the value that is reported
    if any(is_unknown(manifest.value, path, problem.message) for manifest, path in holes):
        return True
    if problem.key and is_unknown({}, problem.path, problem.message):
        return True
    if not problem.key and len(problem.path) > _WHOLE and holds_placeholder(at(problem.manifest.value, problem.path)):
        return True
    return hangs_on_another(world.index, problem.manifest, problem.absent, problem.message)


def _crash(rule: Rule, error: Exception) -> Finding:
    file, line = _where(error)
    return Finding(
        rule="rule-crashed",
        severity="error",
        message=f"the rule {rule.ID} crashed and judged nothing: {type(error).__name__}: {error}",
        location=Location(file, line, 1, line, 1),
        help=f"a fault of sailwright, not of your files: please report it; --ignore {rule.ID} runs without the rule",
    )


def _where(error: Exception) -> tuple[str, int]:
    """The innermost line of a rule that was running, by import package and file."""
    import traceback

    frames = traceback.extract_tb(error.__traceback__)
    frame = next((each for each in reversed(frames) if "sailwright_policies" in each.filename), frames[-1])
    return frame.filename[max(0, frame.filename.rfind("sailwright_policies")) :], frame.lineno or 1
