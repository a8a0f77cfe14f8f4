"""`sailwright init`: a repository from nothing, or from existing manifests."""

from __future__ import annotations

import click

from sailwright.cli.adopting import sources
from sailwright.cli.notes import note, print_line
from sailwright.cli.options import Shared, examples, shared_but


@click.command(
    epilog=examples(
        "sailwright init # an empty repository",
        "sailwright init --from deploy/ # drafts from manifests",
        "sailwright init --refresh # after an upgrade: what editors complete by",
        "kubectl get deploy,svc,vs,dr -n shop -o yaml | sailwright init --from - # from a cluster",
    )
)
@click.option("--from", "manifests", multiple=True, metavar="PATH", help="Draft service files from these manifests.")
@click.option(
    "--refresh", is_flag=True, help="Renew the JSON Schemas in .sailwright/ for this version, and nothing else."
)
@click.argument("more", nargs=-1, metavar="[PATHS...]")
@sources
@shared_but("--show", "--format formats", "--fail-on", "--allow-empty", "--color", "-v --verbose")
def command(
    manifests: tuple[str, ...],
    refresh: bool,
    more: tuple[str, ...],
    kustomize: tuple[str, ...],
    helm: tuple[str, ...],
    values: tuple[str, ...],
    namespace: str,
    accept: tuple[str, ...],
    shared: Shared,
) -> int:
    """Start a repository here: project file, service files, hooks, CI and editor settings. What already exists is kept.

    With --from PATHS, --kustomize or --helm the service files are drafted from the objects found there, with everything
    that belongs to them. Each draft is compiled and compared with its origin before anything is written; the report says
    what became of every object, and the exit status is 1 where something was left out.
    """
    from sailwright.cli.adopting import tell
    from sailwright.commands.edit.scaffold import start

    if more and not manifests:
        raise click.UsageError(f"{more[0]}: write --from before the manifests to draft services from")
    folder = shared.project or "."
    if refresh:
        if manifests or kustomize or helm:
            raise click.UsageError("--refresh renews the JSON Schemas alone: leave --from, --kustomize and --helm out")
        return _refreshed(folder)
    if not (manifests or kustomize or helm):
        result, status = start(folder), 0
    else:
        from sailwright.commands.edit.adopt.inputs import Wanted, read_inputs
        from sailwright.commands.edit.adopt.write import adopt_anew, write_anew
        from sailwright.runtime.cache import open_cache

        read = read_inputs(Wanted((*manifests, *more), kustomize, helm, values, namespace))
        adoption = adopt_anew(read, open_cache(enabled=not shared.no_cache), accept)
        status = tell(adoption, read)
        if not adoption.drafts:
            return status
        result = write_anew(folder, adoption)
    for path in result.written:
        print_line(path)
    for path in result.kept:
        note(f"{path} already exists and was kept")
    note("next: `sailwright build`, and look at rendered/")
    return status


def _refreshed(folder: str) -> int:
    from sailwright.commands.edit.scaffold import refresh

    result = refresh(folder)
    for path in result.written:
        print_line(path)
    if not result.written:
        note("the JSON Schemas are those of this version already")
    return 0
