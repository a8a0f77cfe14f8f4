"""`sailwright new`: add a service."""

from __future__ import annotations

import click

from sailwright.cli.notes import print_line
from sailwright.cli.options import Shared, shared


@click.command()
@click.argument("name")
@shared
def command(name: str, shared: Shared) -> int:
    """Add a service: NAME, or NAMESPACE/NAME."""
    from sailwright.cli.editing import project_of
    from sailwright.commands.edit.scaffold import add_service

    path = add_service(project_of(shared), name)
    print_line(path)
    click.echo("name its image and ports there; `sailwright build` renders it", err=True)
    return 0
