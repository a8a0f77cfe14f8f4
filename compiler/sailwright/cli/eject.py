"""`sailwright eject`: leave plain manifests of a service."""

from __future__ import annotations

import click

from sailwright.cli.completing import services
from sailwright.cli.notes import note, print_line
from sailwright.cli.options import Shared, examples, shared_but


@click.command(
    epilog=examples(
        "sailwright eject checkout # into ejected/",
        "sailwright eject shop/checkout --output manifests/checkout # into another folder",
    )
)
@click.argument("service", shell_complete=services)
@click.option("--output", default="ejected", metavar="DIR", show_default=True, help="The folder to write into.")
@shared_but("--show", "--format formats", "--fail-on", "--allow-empty", "--color", "-v --verbose")
def command(service: str, output: str, shared: Shared) -> int:
    """Leave plain manifests of a service, NAME or NAMESPACE/NAME, kustomization included; nothing of the project is changed."""
    from sailwright.cli.editing import project_of
    from sailwright.commands.edit.eject import ejected, write_ejected
    from sailwright.runtime.cache import open_cache

    project = project_of(shared)
    files = ejected(project, service, open_cache(enabled=not shared.no_cache))
    for path in write_ejected(output, files):
        print_line(path)
    note(f"next: apply these in place of the rendered ones, then delete the service file of {service}")
    return 0
