"""`sailwright doctor`: what there is to work with."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from sailwright.cli.notes import print_line
from sailwright.cli.options import Shared, examples, shared_but

if TYPE_CHECKING:
    from sailwright.commands.doctor import Check


@click.command(
    epilog=examples(
        "sailwright doctor # the project around this folder",
        "sailwright doctor --format json # for a bug report",
    )
)
@shared_but("--fail-on", "--allow-empty", "--no-cache", "--color", formats=("text", "json"))
def command(shared: Shared) -> int:
    """Report what there is to work with: program, project, tools and cache, and what to do where something lacks.

    The exit status is 1 where something is wrong, which is more than absent.
    """
    from sailwright.commands.doctor import checks

    found = tuple(checks(shared.project))
    if any(form == "json" for form, _ in shared.formats):
        _print_json(found)
    else:
        for each in found:
            print_line(f"{each.state:6}  {each.text}")
            if each.help:
                print_line(f"{'':6}  {each.help}")
    return int(any(each.state == "wrong" for each in found))


def _print_json(found: tuple[Check, ...]) -> None:
    import json

    listed = [{"state": each.state, "text": each.text, "help": each.help} for each in found]
    click.echo(json.dumps({"version": 1, "checks": listed}, indent=2))
