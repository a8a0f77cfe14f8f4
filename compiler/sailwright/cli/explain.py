"""`sailwright explain`: the page of a rule, with examples."""

from __future__ import annotations

import click

from sailwright.cli.completing import rules
from sailwright.cli.options import examples


@click.command(
    epilog=examples(
        "sailwright explain destination-host-unknown # one rule",
        "sailwright explain IST0101 # the rules for a code of istioctl analyze",
    )
)
@click.argument("name", metavar="RULE", shell_complete=rules)
def command(name: str) -> int:
    """Explain a lint rule: what is at risk, why, what is reported and what is fine. RULE is an ID or a code (IST0101)."""
    from sailwright.commands.rules import all_rules
    from sailwright.lint.engine_findings import ENGINE_FINDINGS
    from sailwright.lint.gate_findings import GATE_FINDINGS
    from sailwright.lint.language_findings import LANGUAGE_FINDINGS
    from sailwright.lint.reference import explanation, own_explanation
    from sailwright.lint.settings import near, rule_ids
    from sailwright.runtime.errors import Failure

    pages = {**ENGINE_FINDINGS, **LANGUAGE_FINDINGS, **GATE_FINDINGS}
    if name in pages:
        click.echo(own_explanation(name), nl=False)
        return 0
    rules = all_rules()
    ids = rule_ids(rules, name)
    if not ids:
        raise Failure(f"there is no rule {name}: {near(name, {*pages, *(rule.ID for rule in rules)})}")
    click.echo("\n".join(explanation(rule) for rule in rules if rule.ID in ids), nl=False)
    return 0
