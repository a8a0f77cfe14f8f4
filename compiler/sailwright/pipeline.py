"""The table of contents: what each command does, from the files it reads to what it returns."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sailwright.lint.run import Answer, Question
from sailwright.manifest import manifests
from sailwright.mesh.world import Facts, World
from sailwright.rule import Page
from sailwright.source import Source


@dataclass(frozen=True, slots=True)
class LintOptions:
    """The flags of `lint` that decide what is judged and by which rules."""

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    facts: Facts = Facts()


def lint(sources: tuple[Source, ...], options: LintOptions) -> Answer:
    """Judge files without a project: together they are one world."""
    from sailwright.lint.run import lint as judged
    from sailwright.lint.settings import Settings, choose
    from sailwright_policies import RULES

    settings = Settings()
    chosen = choose(RULES, settings, options.select, options.ignore, compat=options.facts.compat)
    return judged(Question((one_world(sources, options.facts),), sources, tuple(RULES), chosen, settings))


def one_world(sources: Iterable[Source], facts: Facts) -> World:
    """The world that files make up where no project file says otherwise."""
    return World(tuple(manifest for source in sources for manifest in manifests(source)), facts)


def page(rule_id: str) -> Page | None:
    """The published page of a rule, ours or the engine's own; None for findings of other kinds."""
    from sailwright.lint.own import OWN
    from sailwright.rule import page as page_of
    from sailwright_policies import RULES

    if own := OWN.get(rule_id):
        return Page(rule_id, own.severity, own.risk, own.reason)
    return next((page_of(rule) for rule in RULES if rule_id == rule.ID), None)
