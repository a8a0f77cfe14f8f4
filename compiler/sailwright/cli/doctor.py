"""`sailwright doctor`: what there is to work with."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from sailwright.cli.notes import clean
from sailwright.cli.options import FINDINGS_ONLY, Shared, examples, shared_but
from sailwright.cli.results import write_result

if TYPE_CHECKING:
    from sailwright.commands.doctor import Check


@click.command(
    epilog=examples(
        "sailwright doctor # the project around this folder",
        "sailwright doctor --format json # for a bug report",
    )
)
@shared_but(*FINDINGS_ONLY, formats=("text", "json"))
def command(shared: Shared) -> int:
    """Report the program, project, tools and cache that Sailwright finds, and what to do if one is missing or wrong.

    The exit status is 1 if something is wrong; something that is only absent is no error.
    """
    from sailwright.commands.doctor import checks

    found = tuple(checks(shared.project))
    write_result(shared, {"text": lambda: _text(found), "json": lambda: _json(found)})
    return int(any(each.state == "wrong" for each in found))


def _text(found: tuple[Check, ...]) -> str:
    lines = []
    for each in found:
        lines += [f"{each.state:6}  {each.text}", *([f"{'':6}  {each.help}"] if each.help else [])]
    return "".join(f"{clean(line)}\n" for line in lines)


def _json(found: tuple[Check, ...]) -> str:
    import json

    listed = [{"state": each.state, "text": each.text, "help": each.help} for each in found]
    return json.dumps({"version": 1, "checks": listed}, indent=2) + "\n"
