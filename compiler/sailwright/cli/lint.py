"""`sailwright lint`: judge service files and manifests."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import click

from sailwright.cli.options import Shared, shared

if TYPE_CHECKING:
    from sailwright.mesh.world import Facts


@click.command()
@click.argument("paths", nargs=-1, metavar="[PATHS...|-]")
@click.option(
    "--select", multiple=True, metavar="RULE", help="Run these rules only: an ID, a code (IST0101), a family."
)
@click.option("--ignore", multiple=True, metavar="RULE", help="Do not run these rules.")
@click.option("--baseline", metavar="FILE", help="Report only what this file does not hold.")
@click.option("--update-baseline", is_flag=True, help="Write today's findings into the baseline.")
@click.option("--fix", is_flag=True, help="Make the safe changes that rules propose, in the files themselves.")
@click.option("--profile", is_flag=True, help="Print what each rule costs, on standard error.")
@click.option("--istio-version", metavar="X.Y.Z", help="The release to judge as.")
@click.option("--mesh-config-file", metavar="FILE", help="The MeshConfig; no project file is read then.")
@click.option("--stdin-filename", metavar="FILE", help="What to call standard input.")
@click.option("--compat", type=click.Choice(("istioctl",)), help="Answer as `istioctl analyze` does.")
@shared
def command(
    paths: tuple[str, ...],
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
    shared: Shared,
) -> int:
    """Judge service files and manifests: what is wrong, where, and what to do."""
    from sailwright.cli.reporting import tell
    from sailwright.pipeline import LintOptions, lint
    from sailwright.source.files import collect

    if update_baseline and not baseline:
        raise click.UsageError("--update-baseline needs --baseline FILE")
    if fix and "-" in paths:
        raise click.UsageError("--fix changes files: it cannot change standard input")
    inputs = collect(paths or (".",), stdin_name=stdin_filename or "<stdin>")
    if not inputs.sources and not shared.allow_empty:
        raise click.UsageError(
            f"no YAML or JSON file in {', '.join(paths) or 'this folder'}: --allow-empty lets it pass"
        )
    facts = _facts(istio_version, mesh_config_file, compat)
    linted = lint(inputs, LintOptions(select, ignore, facts, baseline, update_baseline, fix))
    if profile:
        _print_costs(linted.answer.seconds)
    if fix:
        click.echo(f"fixed {linted.fixed} problem{'' if linted.fixed == 1 else 's'}", err=True)
    status = tell(linted.answer.findings, linted.summary, linted.sources, shared, linted.fail_on)
    return 3 if linted.answer.crashed else status


def _facts(istio_version: str | None, mesh_config_file: str | None, compat: str | None) -> Facts:
    from sailwright.mesh.mesh_file import read_mesh_config
    from sailwright.mesh.world import NEWEST_ISTIO, Facts

    return Facts(
        istio_version=istio_version or NEWEST_ISTIO,
        mesh_config=read_mesh_config(mesh_config_file) if mesh_config_file else {},
        compat=compat is not None,
    )


def _print_costs(seconds: Mapping[str, float]) -> None:
    for rule, cost in sorted(seconds.items(), key=lambda item: (-item[1], item[0])):
        click.echo(f"{cost * 1000:9.2f} ms  {rule}", err=True)
