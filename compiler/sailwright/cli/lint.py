"""`sailwright lint`: check service files and manifests."""

from __future__ import annotations

import click

from sailwright.cli.building import building, wanted_build
from sailwright.cli.executing import executing
from sailwright.cli.explain_worlds import explain_worlds as print_worlds
from sailwright.cli.explain_worlds import explaining
from sailwright.cli.notes import note_release
from sailwright.cli.options import Shared, examples, shared


@click.command(
    epilog=examples(
        "sailwright lint # this project, or all manifests below this folder",
        "sailwright lint deploy/ --select virtual_service # one family of rules",
        "helm template ./chart | sailwright lint - # what a chart renders",
        "sailwright lint --baseline lint.json --update-baseline # start with what is there today",
    )
)
@click.argument("paths", nargs=-1, metavar="[PATHS...|-]")
@click.option("--env", "environments", multiple=True, metavar="NAME", help="Check this environment only. Repeatable.")
@click.option(
    "--select", multiple=True, metavar="RULE", help="Run these rules only: an ID, a code (IST0101), a family."
)
@click.option("--ignore", multiple=True, metavar="RULE", help="Do not run these rules.")
@click.option("--baseline", metavar="FILE", help="Hide the findings that this file lists.")
@click.option("--update-baseline", is_flag=True, help="Write today's findings into the baseline.")
@click.option("--fix", is_flag=True, help="Make the safe changes that rules propose, in the files themselves.")
@click.option("--profile", is_flag=True, help="Print the time that each rule takes, on standard error.")
@click.option("--istio-version", metavar="X.Y.Z", help="The Istio release to check for.")
@click.option("--mesh-config-file", metavar="FILE", help="The MeshConfig; no project file is read then.")
@click.option("--stdin-filename", metavar="FILE", help="The file name to report for standard input.")
@click.option(
    "--compat", type=click.Choice(("istioctl",)), help="Answer as `istioctl analyze`; no project file is read."
)
@click.option("--config-ref", metavar="REF", help="Take settings and baseline from this commit; changes are findings.")
@click.option(
    "--no-config", is_flag=True, help="Leave the `lint` settings of the project out: presets, rules, ignores."
)
@click.option("-n", "--namespace", metavar="NAME", help="The namespace of objects that name none, without a project.")
@click.option(
    "-j", "--jobs", type=click.IntRange(min=1), metavar="N", help="Number of processes. Default: one per processor."
)
@executing
@explaining
@building
@shared
def command(
    paths: tuple[str, ...],
    environments: tuple[str, ...],
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    baseline: str | None,
    update_baseline: bool,
    fix: bool,
    profile: bool,
    istio_version: str | None,
    mesh_config_file: str | None,
    stdin_filename: str | None,
    compat: str | None,
    config_ref: str | None,
    no_config: bool,
    namespace: str | None,
    explain_worlds: bool,
    jobs: int | None,
    executor: str | None,
    kustomize: str | None,
    helm: str | None,
    values: tuple[str, ...],
    shared: Shared,
) -> int:
    """Check service files and manifests: what is wrong, where, and what to do.

    PATHS are files, folders or `-`. Inside a project they narrow what is reported; without PATHS, everything is reported.
    """
    from sailwright.cli.lint_run import run
    from sailwright.commands.lint.run import LintOptions
    from sailwright.workspace.selection import Selection

    if update_baseline and not baseline:
        raise click.UsageError("--update-baseline needs --baseline FILE")
    if update_baseline and config_ref:
        raise click.UsageError("--update-baseline writes the baseline at hand: leave --config-ref out")
    if no_config and config_ref:
        raise click.UsageError(
            "--no-config and --config-ref exclude each other: one takes no settings, one those of a commit"
        )
    if fix and "-" in paths:
        raise click.UsageError("--fix changes files: it cannot change standard input")
    note_release(istio_version)
    release, mesh = istio_version, mesh_config_file
    selection = Selection(
        paths,
        environments,
        (),
        release,
        mesh,
        compat is not None,
        shared.project,
        stdin_filename,
        not shared.no_cache,
        jobs,
        namespace=namespace,
        build=wanted_build(paths, kustomize, helm, values),
    )
    if fix and selection.build is not None:
        raise click.UsageError("--fix changes files: it cannot change what another program prints")
    if explain_worlds:
        return print_worlds(selection)
    how = LintOptions(selection, select, ignore, baseline, update_baseline, fix, config_ref, no_config, profile)
    if executor is None:
        return run(how, shared)
    from sailwright.runtime.executor import workers
    from sailwright.runtime.records import replace

    with workers(executor) as found:
        return run(replace(how, selection=replace(selection, workers=found)), shared)
