"""`sailwright schema`: the JSON Schemas of our files, for editors and other tools."""

from __future__ import annotations

import click


@click.group()
def command() -> None:
    """Print the JSON Schema of our files, or import those of custom resources."""


@command.command()
def service() -> None:
    """Print the JSON Schema of service.yaml."""
    from sailwright.schema.judge import text

    click.echo(text("service"), nl=False)


@command.command()
def project() -> None:
    """Print the JSON Schema of sailwright.yaml."""
    from sailwright.schema.judge import text

    click.echo(text("project"), nl=False)
