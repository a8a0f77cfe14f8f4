"""What `init --from` and `adopt` share: where the manifests come from, and the report."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

from sailwright.cli.notes import note

if TYPE_CHECKING:
    from sailwright.commands.edit.adopt.adoption import Adoption
    from sailwright.commands.edit.adopt.inputs import Read

Decorated = TypeVar("Decorated", bound=Callable[..., Any])
KINDS = ("traffic", "injection", "language")
"""The kinds of difference that keep a draft from being written."""


def sources(function: Decorated) -> Decorated:
    """Add the options that say where manifests come from, and which differences are meant."""
    command: Any = function
    for option in reversed(_OPTIONS):
        command = option(command)
    return command  # type: ignore[no-any-return]


_OPTIONS = (
    click.option("--kustomize", multiple=True, metavar="DIR", help="Draft from what kustomize makes of a folder."),
    click.option("--helm", multiple=True, metavar="CHART", help="Draft from what `helm template` makes of a chart."),
    click.option("-f", "--values", "values", multiple=True, metavar="FILE", help="Values for --helm."),
    click.option("-n", "--namespace", metavar="NAME", default="", help="The namespace of objects that name none."),
    click.option("--accept", multiple=True, type=click.Choice(KINDS),
                 help="Write drafts that differ so: it is meant. Repeatable."),
)  # fmt: skip


def tell(adoption: Adoption, read: Read) -> int:
    """Print the report to stderr; the exit status: 1 where something was left out, 2 where there was nothing to draft."""
    from sailwright.commands.edit.adopt.report import refusals, report

    for each in (*read.unread, *adoption.notes):
        note(f"{each.file}:{each.line}: {each.message}")
    for line in (*refusals(adoption), *report(adoption)):
        note(line)
    if not adoption.drafts and not adoption.refused and any(row.what in ("kept", "changed") for row in adoption.rows):
        return 0 if adoption.complete and not read.unread else 1  # all of it was adopted earlier
    if not adoption.drafts:
        words = "no Service or workload" if not adoption.refused else "no draft that renders what runs"
        note(f"sailwright: {words} was found to draft a service from: nothing is written")
        return 1 if adoption.refused else 2
    return 0 if adoption.complete and not read.unread else 1
