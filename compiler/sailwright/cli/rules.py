"""`sailwright rules`: list the lint rules."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

import click

from sailwright.cli.options import Shared, shared

if TYPE_CHECKING:
    from sailwright.lint.rule import Rule


@click.command()
@click.argument("names", nargs=-1, metavar="[RULE...]")
@shared
def command(names: tuple[str, ...], shared: Shared) -> int:
    """List the lint rules: all of them, or those that an ID, a code (IST0101) or a family names."""
    from sailwright.commands.rules import all_rules
    from sailwright.lint.rule import family, page, preset
    from sailwright.lint.settings import near, rule_ids
    from sailwright.runtime.errors import Failure

    rules = all_rules()
    wanted: set[str] = set()
    for name in names:
        ids = rule_ids(rules, name)
        if not ids:
            raise Failure(f"there is no rule {name}: {near(name, {rule.ID for rule in rules})}")
        wanted |= ids
    listed = [rule for rule in rules if not names or rule.ID in wanted]
    if any(form == "json" for form, _ in shared.formats):
        _print_json(listed)
        return 0
    width = max((len(rule.ID) for rule in listed), default=0)
    for name, group in groupby(listed, key=family):
        click.echo(click.style(name, bold=True))
        for rule in group:
            about = page(rule)
            codes = f" [{', '.join(about.aliases)}]" if about.aliases else ""
            click.echo(f"  {rule.ID:{width}}  {about.severity:7}  {preset(rule):11}  {about.risk}{codes}")
    return 0


def _print_json(rules: list[Rule]) -> None:
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
    click.echo(json.dumps({"version": 1, "rules": listed}, indent=2))
