"""The table of contents: what each command does, from the files it reads to what it returns.

    read         source/          a file's bytes, its tree, and where each value stands; checkout.py reads disk or a commit
    understand   project/ service/  sailwright.yaml and service.yaml, overlays applied
                 compilation.py   a project read and ready to render, cluster by cluster
    render       render/ injection/ templating/   services to objects, sidecars included
                 worlds.py        what each cluster sees: what is rendered and what is hand-written; mesh/ answers questions of it
    judge        lint/ validate/ route/           rules, schemas and webhooks, where requests go
    tell         report/          findings in every format

`build` is building/run.py (and output/, which writes), `inject` injection/documents.py, `lint` and `test` stand below, `validate` is
validation.py, `check` checking.py, `diff` gate/sides.py, `route` route/simulator.py; `weight`, `image`, `init` and `new` are in edit/.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sailwright.diagnostics.finding import Finding, Summary
from sailwright.diagnostics.rule_page import Page
from sailwright.lint.rule import Rule
from sailwright.runtime.cache import Cache
from sailwright.runtime.records import dataclass, replace
from sailwright.source import Source
from sailwright.source.files.files import collect
from sailwright.source.manifest import not_objects

if TYPE_CHECKING:
    from sailwright.commands.diff.base_and_head import Sides
    from sailwright.commands.test.run import RunOfTests
    from sailwright.lint.run import Answer, Question
    from sailwright.source.files.checkout import Checkout
    from sailwright.workspace.compile import Unread
    from sailwright.workspace.lint_input import Scope, Subject
    from sailwright.workspace.load import Asked, Sights
    from sailwright.workspace.worlds import Worlds

FIX_ROUNDS = 10
"""A fix may make room for another; more rounds than this would mean that two rules undo each other."""


@dataclass(frozen=True, slots=True)
class LintOptions:
    """The flags of `lint`: what is judged, by which rules, and what is done about it."""

    scope: Scope
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    baseline: str | None = None
    update_baseline: bool = False
    fix: bool = False
    config_ref: str | None = None


@dataclass(frozen=True, slots=True)
class Linted:
    """The outcome of a lint run; `fixed` counts the problems solved."""

    subject: Subject
    answer: Answer
    fail_on: str
    fixed: int
    refused: tuple[str, ...] = ()
    """Why some files were not fixed."""

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What to report, with files as the user sees them."""
        return tuple(self.subject.shown(finding) for finding in self.answer.findings)

    @property
    def sources(self) -> tuple[Source, ...]:
        """The files that snippets are taken from, named as in the findings."""
        return tuple(replace(source, path=self.subject.name(source.path)) for source in self.subject.sources)

    @property
    def summary(self) -> Summary:
        """What the run looked at."""
        sources = self.subject.sources
        documents = sum(len(source.documents) for source in sources)
        skipped = (*self.subject.skipped, *(each for source in self.sources for each in not_objects(source)))
        return Summary(len(sources), documents, skipped, self.answer.suppressed)


def lint(options: LintOptions) -> Linted:
    """Judge, fix what is to be fixed and judge again, and keep the baseline."""
    from sailwright.lint.baseline import updated
    from sailwright.lint.run import lint as judged
    from sailwright.runtime.atomic_file import replace as replace_file
    from sailwright.workspace.lint_input import fixed_on_disk, subject

    examined = subject(options.scope)
    asking = question(examined, options)
    answer = judged(asking)
    solved = 0
    refused: list[str] = []
    for _ in range(FIX_ROUNDS if options.fix else 0):
        more = fixed_on_disk(answer, examined, refused)
        if not more:
            break
        solved += more
        examined = subject(options.scope)
        asking = question(examined, options)
        answer = judged(asking)
    if options.update_baseline and asking.baseline is not None:
        replace_file(asking.baseline.path, updated(asking.baseline, answer.known, answer.judged).encode())
    return Linted(examined, answer, asking.settings.fail_on, solved, tuple(dict.fromkeys(refused)))


def question(examined: Subject, options: LintOptions) -> Question:
    """What to ask of a subject: the rules that are on, and the settings and the baseline that count."""
    from sailwright.lint.config_ref import at_hand, of_commit
    from sailwright.lint.run import Question
    from sailwright.lint.settings import choose

    rules = all_rules()
    if options.config_ref is None:
        trusted = at_hand(examined.document, rules, options.baseline, may_be_new=options.update_baseline)
    else:
        trusted = of_commit(examined.document, rules, options.baseline, examined.root, options.config_ref)
    chosen = choose(rules, trusted.settings, options.select, options.ignore, compat=options.scope.compat)
    return Question(
        examined.worlds,
        examined.sources,
        rules,
        chosen,
        trusted.settings,
        (*examined.problems, *trusted.wrong),
        trusted.changes,
        trusted.baseline,
        accepting=options.update_baseline,
        guests=examined.guests,
        beside=examined.beside,
        root=examined.root,
        whole=examined.whole,
        jobs=1 if options.fix else options.scope.jobs,
    )


def worlds(
    checkout: Checkout,
    environments: Sequence[str] = (),
    clusters: Sequence[str] = (),
    cache: Cache | None = None,
) -> Worlds | Unread:
    """What every chosen cluster of a project sees, from the files on disk or of a commit."""
    from sailwright.workspace.compile import Compilation, compile_project
    from sailwright.workspace.worlds import worlds_of

    compiled = compile_project(checkout, cache or Cache(None), environments, clusters)
    return worlds_of(compiled) if isinstance(compiled, Compilation) else compiled


def sides(root: str, commit: str, environments: Sequence[str], cache: Cache) -> Sides:
    """The files on disk and those of a commit, each compiled."""
    from sailwright.source.files.checkout import Disk

    return compile_base(root, commit, _compiled(worlds(Disk(root), environments, cache=cache)), cache, environments)


def compile_base(root: str, commit: str, after: Worlds, cache: Cache, environments: Sequence[str] = ()) -> Sides:
    """What was compiled from disk, with the base commit beside it."""
    from sailwright.commands.diff.base_and_head import compile_base as compiled

    return compiled(root, commit, after, lambda base: _compiled(worlds(base, environments, cache=cache)))


def _compiled(found: Worlds | Unread) -> Worlds:
    """Raises Failure with the first of its findings where the project file could not be read."""
    from sailwright.runtime.errors import Failure
    from sailwright.workspace.worlds import Worlds

    if isinstance(found, Worlds):
        return found
    first = found.findings[0]
    raise Failure(f"{first.location.file}:{first.location.line}: {first.message}")


def asked_worlds(paths: Sequence[str], asked: Asked, cache: Cache) -> Sights:
    """The worlds that a command line asks about: the project's, or what the named files make up by themselves."""
    from sailwright.workspace.load import sights

    return sights(paths, asked, cache)


def test(paths: Sequence[str], asked: Asked, cache: Cache) -> RunOfTests:
    """Run the tests of the service files that PATHS name (of all where none is named) in every chosen world."""
    from sailwright.commands.test.run import run_tests

    files = [source.path for source in collect(paths).sources]
    return run_tests(asked_worlds(paths, asked, cache), files)


def all_rules() -> tuple[Rule, ...]:
    """The rules that ship with Sailwright, in reading order."""
    from sailwright_policies import RULES

    return tuple(RULES)


def page(rule_id: str) -> Page | None:
    """The published page of a rule, or of a finding of the engine's or the language's; None for findings of other parts."""
    from sailwright.lint.engine_findings import OWN
    from sailwright.lint.language_findings import LANGUAGE
    from sailwright.lint.rule import page as page_of

    if found := OWN.get(rule_id) or LANGUAGE.get(rule_id):
        return found
    return next((page_of(rule) for rule in all_rules() if rule_id == rule.ID), None)
