"""Lines for standard error and standard output that hold text from files: clean, and one line each."""

from __future__ import annotations

import click

from sailwright.diagnostics.report.clean import whole_line


def note(text: str) -> None:
    """Say something beside the result, on standard error."""
    click.echo(whole_line(text), err=True)


def print_line(text: str) -> None:
    """Print one line of the result."""
    click.echo(whole_line(text))
