"""`sailwright rules`: list the lint rules."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

import click

from sailwright.cli import completing
from sailwright.cli.options import FINDINGS_ONLY, Shared, examples, shared_but
from sailwright.cli.results import write_result

if TYPE_CHECKING:
    from sailwright.diagnostics.rule_page import Page
    from sailwright.lint.rule import Rule


@click.command(
    epilog=examples(
        "sailwright rules # all of them",
        "sailwright rules virtual_service # of one kind",
        "sailwright rules --format json # for a program",
    )
)
@click.argument("names", nargs=-1, metavar="[RULE...]", shell_complete=completing.rules)
@shared_but("--project", *FINDINGS_ONLY, formats=("text", "json"))
def command(names: tuple[str, ...], shared: Shared) -> int:
    """List the rules and all other findings, or those that an ID, a code (IST0101) or a family names."""
    from sailwright.commands.rules import all_rules
    from sailwright.lint.engine_findings import ENGINE_FINDINGS
    from sailwright.lint.gate_findings import GATE_FINDINGS
    from sailwright.lint.language_findings import LANGUAGE_FINDINGS
    from sailwright.lint.settings import near, rule_ids
    from sailwright.runtime.errors import Failure

    rules = all_rules()
    own = {"language": LANGUAGE_FINDINGS, "engine": ENGINE_FINDINGS, "gate": GATE_FINDINGS}
    pages = {rule: (family, about) for family, group in own.items() for rule, about in group.items()}
    wanted: set[str] = set()
    for name in names:
        ids = {name} if name in pages else {*own[name]} if name in own else rule_ids(rules, name)
        if not ids:
            raise Failure(f"there is no rule {name}: {near(name, {*pages, *(rule.ID for rule in rules)})}")
        wanted |= ids
    listed = [rule for rule in rules if not names or rule.ID in wanted]
    others = [(each, about) for rule, (each, about) in pages.items() if not names or rule in wanted]
    write_result(shared, {"text": lambda: _text(listed, others), "json": lambda: _json(listed, others)})
    return 0


def _text(listed: list[Rule], others: list[tuple[str, Page]]) -> str:
    from sailwright.lint.rule import family, page, preset

    lines = []
    width = max(
        (len(rule) for rule in (*(rule.ID for rule in listed), *(about.rule for _, about in others))), default=0
    )
    for name, group in groupby(listed, key=family):
        lines.append(click.style(name, bold=True))
        for rule in group:
            about = page(rule)
            codes = f" [{', '.join(about.aliases)}]" if about.aliases else ""
            lines.append(f"  {rule.ID:{width}}  {about.severity:7}  {preset(rule):11}  {about.risk}{codes}")
    for name, found in groupby(others, key=lambda each: each[0]):
        lines.append(click.style(name, bold=True))
        for _, about in found:
            lines.append(f"  {about.rule:{width}}  {about.severity:7}  {'always':11}  {about.risk}")
    return "".join(f"{line}\n" for line in lines)


def _json(rules: list[Rule], others: list[tuple[str, Page]]) -> str:
    import json

    from sailwright.diagnostics.rule_page import url
    from sailwright.lint.rule import defaults, family, page, parameters, preset

    listed = [
        {
            "rule": about.rule,
            "family": family(rule),
            "severity": about.severity,
            "preset": preset(rule),
            "aliases": list(about.aliases),
            "risk": about.risk,
            "parameters": {
                name: {"default": defaults(rule)[name], "description": text} for name, text in parameters(rule).items()
            },
            "url": url(rule.ID),
        }
        for rule in rules
        for about in [page(rule)]
    ]
    listed += [
        {
            "rule": about.rule,
            "family": name,
            "severity": about.severity,
            "preset": "always",
            "aliases": list(about.aliases),
            "risk": about.risk,
            "parameters": {},
            "url": url(about.rule),
        }
        for name, about in others
    ]
    return json.dumps({"version": 1, "rules": listed}, indent=2) + "\n"
