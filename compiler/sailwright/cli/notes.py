"""Lines for standard error and standard output that hold text from files: clean, and one line each."""

from __future__ import annotations

import click


def note(text: str) -> None:
    """Say something beside the result, on standard error."""
    from sailwright.diagnostics.report.clean import whole_line

    click.echo(whole_line(text), err=True)


def print_line(text: str) -> None:
    """Print one line of the result."""
    from sailwright.diagnostics.report.clean import whole_line

    click.echo(whole_line(text))
