"""`sailwright lint`: judge service files and manifests."""

from __future__ import annotations

from collections.abc import Mapping

import click

from sailwright.cli.options import Shared, shared


@click.command()
@click.argument("paths", nargs=-1, metavar="[PATHS...|-]")
@click.option(
    "--select", multiple=True, metavar="RULE", help="Run these rules only: an ID, a code (IST0101), a family."
)
@click.option("--ignore", multiple=True, metavar="RULE", help="Do not run these rules.")
@click.option("--profile", is_flag=True, help="Print what each rule costs, on standard error.")
@click.option("--istio-version", metavar="X.Y.Z", help="The release to judge as.")
@click.option("--stdin-filename", metavar="FILE", help="What to call standard input.")
@click.option("--compat", type=click.Choice(("istioctl",)), help="Answer as `istioctl analyze` does.")
@shared
def command(
    paths: tuple[str, ...],
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    profile: bool,
    istio_version: str | None,
    stdin_filename: str | None,
    compat: str | None,
    shared: Shared,
) -> int:
    """Judge service files and manifests: what is wrong, where, and what to do."""
    from sailwright.cli.reporting import tell
    from sailwright.finding import Summary
    from sailwright.mesh.world import NEWEST_ISTIO, Facts
    from sailwright.pipeline import LintOptions, lint
    from sailwright.source.files import collect

    inputs = collect(paths or (".",), stdin_name=stdin_filename or "<stdin>")
    facts = Facts(istio_version=istio_version or NEWEST_ISTIO, compat=compat is not None)
    answer = lint(inputs.sources, LintOptions(select, ignore, facts))
    if profile:
        _print_costs(answer.seconds)
    summary = Summary(
        len(inputs.sources), sum(len(source.documents) for source in inputs.sources), inputs.skipped, answer.suppressed
    )
    status = tell(answer.findings, summary, inputs.sources, shared)
    return 3 if answer.crashed else status


def _print_costs(seconds: Mapping[str, float]) -> None:
    for rule, cost in sorted(seconds.items(), key=lambda item: (-item[1], item[0])):
        click.echo(f"{cost * 1000:9.2f} ms  {rule}", err=True)
