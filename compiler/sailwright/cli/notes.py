"""Lines for standard error and standard output that hold text from files: clean, and one line each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from sailwright.cli.options import Shared

DETAIL = "sailwright.detail"
"""The key in click's context of how much is said beside the result: quiet, normal or verbose."""


def detail() -> str:
    """How much this run says beside the result: `quiet`, `normal` or `verbose`."""
    context = click.get_current_context(silent=True)
    return str(context.meta.get(DETAIL, "normal")) if context else "normal"


def note(text: str) -> None:
    """Say something beside the result, on standard error; nothing with --quiet."""
    if detail() != "quiet":
        click.echo(clean(text), err=True)


def print_line(text: str) -> None:
    """Print one line of the result."""
    click.echo(clean(text))


def write_result(shared: Shared, formats: Mapping[str, Callable[[], str]]) -> None:
    """Print or write a result in each format that was asked for; text unless one is. `formats` are those that it has."""
    wanted = shared.formats or (("text", None),)
    for form, _ in wanted:
        if form not in formats:
            raise click.UsageError(f"--format {form}: this result is written as {' or '.join(formats)}")
    if len({file for _, file in wanted}) < len(wanted):
        raise click.UsageError("two formats would be written to one place: give each its own --format FORMAT=FILE")
    for form, file in wanted:
        if file is None:
            click.echo(formats[form](), nl=False)
        else:
            from sailwright.runtime.atomic_file import replace

            replace(file, click.unstyle(formats[form]()).encode())


def clean(text: str) -> str:
    """The line as it may be printed. Plain letters and signs need no look: most lines are our own words."""
    if text.isascii() and text.isprintable() and "::" not in text and "##" not in text:
        return text
    from sailwright.diagnostics.report.clean import whole_line

    return whole_line(text)
