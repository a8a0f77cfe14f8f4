"""`sailwright new`: add a service."""

from __future__ import annotations

import click

from sailwright.cli.notes import note, print_line
from sailwright.cli.options import Shared, examples, shared_but


@click.command(
    epilog=examples(
        "sailwright new checkout # in the default namespace of the project",
        "sailwright new shop/checkout # in a namespace",
    )
)
@click.argument("name")
@shared_but("--show", "--format formats", "--fail-on", "--allow-empty", "--no-cache", "--color", "-v --verbose")
def command(name: str, shared: Shared) -> int:
    """Add a service: NAME, or NAMESPACE/NAME."""
    from sailwright.cli.editing import project_of
    from sailwright.commands.edit.scaffold import add_service

    path = add_service(project_of(shared), name)
    print_line(path)
    note("name its image and ports there; `sailwright build` renders it")
    return 0
