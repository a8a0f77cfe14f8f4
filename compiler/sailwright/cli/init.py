"""`sailwright init`: a repository from nothing, or from existing manifests."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from sailwright.cli.notes import note, print_line
from sailwright.cli.options import Shared, shared

if TYPE_CHECKING:
    from sailwright.commands.edit.scaffold import Written


@click.command()
@click.option("--from", "manifests", multiple=True, metavar="PATH", help="Draft service files from these manifests.")
@click.argument("more", nargs=-1, metavar="[PATHS...]")
@shared
def command(manifests: tuple[str, ...], more: tuple[str, ...], shared: Shared) -> int:
    """Start a repository here: project file, service files, hooks, CI and editor settings. What stands already is kept.

    With --from PATHS the service files are drafted from the Deployments, Services, VirtualServices and DestinationRules
    found there, and what could not be carried over is told.
    """
    from sailwright.commands.edit.scaffold import start

    if more and not manifests:
        raise click.UsageError(f"{more[0]}: write --from before the manifests to draft services from")
    folder = shared.project or "."
    result = _adopted(folder, (*manifests, *more)) if manifests else start(folder)
    for path in result.written:
        print_line(path)
    for path in result.kept:
        note(f"{path} stands already and was kept")
    click.echo("next: `sailwright build`, and look at rendered/", err=True)
    return 0


def _adopted(folder: str, paths: tuple[str, ...]) -> Written:
    from sailwright.commands.edit.adopt import adopt
    from sailwright.commands.edit.scaffold import project_text, start
    from sailwright.source.files.files import collect
    from sailwright.source.manifest import manifests

    inputs = collect(paths)
    adoption = adopt(manifest for source in inputs.sources for manifest in manifests(source))
    if not adoption.drafts:
        raise click.UsageError(f"{', '.join(paths)}: no Service or workload to draft a service from")
    services = {draft.path: draft.text for draft in adoption.drafts}
    result = start(folder, project_text(adoption.namespaces, "webhook"), services)
    for each in adoption.notes:
        note(f"{each.file}:{each.line}: {each.message}")
    return result
