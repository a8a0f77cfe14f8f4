"""`sailwright adopt`: draft services of a project from existing manifests."""

from __future__ import annotations

import click

from sailwright.cli.adopting import sources
from sailwright.cli.notes import note, print_line
from sailwright.cli.options import Shared, examples, shared_but


@click.command(
    epilog=examples(
        "sailwright adopt deploy/reviews.yaml # one more service",
        "sailwright adopt --kustomize overlays/live # from what kustomize makes",
        "sailwright adopt deploy/ --plan # the hand-over, commit by commit",
    )
)
@click.argument("paths", nargs=-1, metavar="[PATHS...|-]")
@sources
@click.option("--plan", "only_plan", is_flag=True, help="Write nothing; print the hand-over, commit by commit.")
@shared_but("--show", "--format formats", "--fail-on", "--allow-empty", "--color", "-v --verbose")
def command(
    paths: tuple[str, ...],
    kustomize: tuple[str, ...],
    helm: tuple[str, ...],
    values: tuple[str, ...],
    namespace: str,
    accept: tuple[str, ...],
    only_plan: bool,
    shared: Shared,
) -> int:
    """Draft services from existing manifests into this project, service by service, any number of times.

    Each draft is compiled and compared with its origin before anything is written. Services that the project has already
    are passed over.
    """
    from sailwright.cli.adopting import tell
    from sailwright.cli.editing import project_of
    from sailwright.commands.edit.adopt.inputs import Wanted, read_inputs
    from sailwright.commands.edit.adopt.plan import plan
    from sailwright.commands.edit.adopt.write import adopt_here, write_here
    from sailwright.runtime.cache import open_cache

    if not (paths or kustomize or helm):
        raise click.UsageError("name the manifests to adopt: PATHS, --kustomize DIR or --helm CHART")
    project = project_of(shared)
    read = read_inputs(Wanted(paths, kustomize, helm, values, namespace))
    adoption = adopt_here(read, project, open_cache(enabled=not shared.no_cache), accept)
    status = tell(adoption, read)
    if only_plan and status < 2:
        for line in plan(adoption):
            print_line(line)
    if only_plan or not adoption.drafts:
        return status
    for path in write_here(project, adoption).written:
        print_line(path)
    note("next: `sailwright build`, and look at rendered/")
    return status
