"""The table of contents: what each command does, from the files it reads to what it returns."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sailwright.cache import Cache
from sailwright.finding import Summary
from sailwright.lint.baseline import Baseline
from sailwright.lint.run import Answer, Question
from sailwright.manifest import manifests
from sailwright.mesh.world import Facts, World
from sailwright.rule import Page, Rule
from sailwright.source import Source
from sailwright.source.files import Inputs, collect

if TYPE_CHECKING:
    from sailwright.asked import Asked, Sights
    from sailwright.compilation import Unread
    from sailwright.gate.sides import Sides
    from sailwright.source.checkout import Checkout
    from sailwright.traffic_tests import Tested
    from sailwright.worlds import Worlds

FIX_ROUNDS = 10
"""A fix may make room for another; more rounds than this would mean that two rules undo each other."""


@dataclass(frozen=True, slots=True)
class LintOptions:
    """The flags of `lint` that decide what is judged and by which rules."""

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    facts: Facts = Facts()
    baseline: str | None = None
    update_baseline: bool = False
    fix: bool = False


@dataclass(frozen=True, slots=True)
class Linted:
    """The outcome of a lint run: what to report and where its snippets come from; `fixed` counts the problems solved."""

    answer: Answer
    summary: Summary
    sources: tuple[Source, ...]
    fail_on: str = "error"
    fixed: int = 0


def lint(inputs: Inputs, options: LintOptions) -> Linted:
    """Judge files, fix what is to be fixed and judge again, and keep the baseline."""
    from sailwright.lint.baseline import open_baseline, updated
    from sailwright.lint.run import lint as judged
    from sailwright.source.replace import replace

    known = open_baseline(options.baseline, may_be_new=options.update_baseline) if options.baseline else None
    answer = judged(question(inputs.sources, options, known))
    solved = 0
    for _ in range(FIX_ROUNDS if options.fix else 0):
        inputs, more = fix(inputs, answer)
        if not more:
            break
        solved += more
        answer = judged(question(inputs.sources, options, known))
    if known is not None and options.update_baseline:
        replace(known.path, updated(known, answer.known, ".", answer.judged).encode())
    return Linted(answer, summary(inputs, answer.suppressed), inputs.sources, fixed=solved)


def fix(inputs: Inputs, answer: Answer) -> tuple[Inputs, int]:
    """Make the safe changes on disk; the inputs as they are then, and how many problems were solved."""
    from sailwright.lint.fix import fixed
    from sailwright.source.replace import replace

    changed, solved = fixed(answer.found, answer.findings, inputs.sources)
    for source in changed:
        replace(source.path, source.data)
    by_path = {source.path: source for source in changed}
    return Inputs(tuple(by_path.get(source.path, source) for source in inputs.sources), inputs.skipped), solved


def question(sources: tuple[Source, ...], options: LintOptions, baseline: Baseline | None) -> Question:
    """What to ask of files without a project: together they are one world."""
    from sailwright.lint.settings import Settings, choose

    rules = all_rules()
    settings = Settings()
    chosen = choose(rules, settings, options.select, options.ignore, compat=options.facts.compat)
    worlds = (one_world(sources, options.facts),)
    return Question(worlds, sources, rules, chosen, settings, baseline, accepting=options.update_baseline)


def worlds(
    checkout: Checkout,
    environments: Sequence[str] = (),
    clusters: Sequence[str] = (),
    cache: Cache | None = None,
) -> Worlds | Unread:
    """What every chosen cluster of a project sees, from the files on disk or of a commit."""
    from sailwright.compilation import Compilation, compile_project
    from sailwright.worlds import worlds_of

    compiled = compile_project(checkout, cache or Cache(None), environments, clusters)
    return worlds_of(compiled) if isinstance(compiled, Compilation) else compiled


def sides(root: str, commit: str, environments: Sequence[str], cache: Cache) -> Sides:
    """The files on disk and those of a commit, each compiled."""
    from sailwright.errors import Failure
    from sailwright.gate.sides import compile_sides
    from sailwright.worlds import Worlds

    def compiled(checkout: Checkout) -> Worlds:
        found = worlds(checkout, environments, cache=cache)
        if isinstance(found, Worlds):
            return found
        first = found.findings[0]
        raise Failure(f"{first.location.file}:{first.location.line}: {first.message}")

    return compile_sides(root, commit, compiled)


def one_world(sources: Iterable[Source], facts: Facts) -> World:
    """The world that files make up where no project file says otherwise."""
    return World(tuple(manifest for source in sources for manifest in manifests(source)), facts)


def summary(inputs: Inputs, suppressed: int = 0) -> Summary:
    """What a run looked at."""
    documents = sum(len(source.documents) for source in inputs.sources)
    return Summary(len(inputs.sources), documents, inputs.skipped, suppressed)


def asked_worlds(paths: Sequence[str], asked: Asked, cache: Cache) -> Sights:
    """The worlds that a command line asks about: the project's, or what the named files make up by themselves."""
    from sailwright.asked import sights

    return sights(paths, asked, cache)


def test(paths: Sequence[str], asked: Asked, cache: Cache) -> Tested:
    """Run the tests of the service files that PATHS name (of all where none is named) in every chosen world."""
    from sailwright.traffic_tests import run_tests

    files = [source.path for source in collect(paths).sources]
    return run_tests(asked_worlds(paths, asked, cache), files)


def all_rules() -> tuple[Rule, ...]:
    """The rules that ship with Sailwright, in reading order."""
    from sailwright_policies import RULES

    return tuple(RULES)


def page(rule_id: str) -> Page | None:
    """The published page of a rule, or of one of the engine's own findings; None for findings of other parts."""
    from sailwright.lint.own import OWN
    from sailwright.rule import page as page_of

    if own := OWN.get(rule_id):
        return Page(rule_id, own.severity, own.risk, own.reason)
    return next((page_of(rule) for rule in all_rules() if rule_id == rule.ID), None)
