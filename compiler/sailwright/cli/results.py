"""A result that is no finding, in the formats that its command has."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import click

from sailwright.cli.options import Shared


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
