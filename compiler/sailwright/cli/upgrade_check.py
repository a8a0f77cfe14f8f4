"""`sailwright upgrade-check`: what a new minor of Istio changes, per service."""

from __future__ import annotations

import click

from sailwright.cli.notes import clean
from sailwright.cli.options import Shared, examples, shared_but
from sailwright.cli.results import write_result


@click.command(
    epilog=examples(
        "sailwright upgrade-check --to 1.31 # what Istio 1.31 changes for each service of the project",
        "sailwright upgrade-check --to 1.31 --env prod --format json # one environment, for a script",
        "sailwright upgrade-check k8s/ --from 1.29 --to 1.31 # manifests of a folder, without a project",
    )
)
@click.argument("paths", nargs=-1, metavar="[PATHS...]")
@click.option("--to", required=True, metavar="X.Y", help="The release to upgrade to.")
@click.option(
    "--from",
    "running",
    metavar="X.Y",
    help="The release that runs today. Default: the control planes of sailwright.yaml.",
)
@click.option("--env", "environments", multiple=True, metavar="N", help="Look at this environment only. Repeatable.")
@shared_but("--show", "--allow-empty", "--color", "-v --verbose", formats=("text", "json"))
def command(paths: tuple[str, ...], to: str, running: str | None, environments: tuple[str, ...], shared: Shared) -> int:
    """Report what a new release of Istio changes, per service; nothing is written.

    It lists the fields, annotations and settings in use that Istio removes or deprecates, defaults that change, what lint,
    validate and the tests find with the new release only, how the injected sidecars differ, and sidecars that would be too far
    behind the control plane. Each change links to the page of Istio's documentation that describes it.

    The exit status is 1 if something has the severity of --fail-on or a higher one.
    """
    from sailwright.commands.upgrade_check.formats import as_json, as_text
    from sailwright.commands.upgrade_check.run import upgrade_check
    from sailwright.diagnostics.finding import SEVERITIES
    from sailwright.workspace.selection import Selection

    selection = Selection(
        paths, environments, project=shared.project, cached=not shared.no_cache, injecting=False, context="mesh"
    )
    report = upgrade_check(selection, to, running)
    text = {"text": lambda: "".join(f"{clean(line)}\n" for line in as_text(report).splitlines())}
    write_result(shared, {**text, "json": lambda: as_json(report)})
    level = shared.fail_on or "error"
    reached = level != "never" and any(
        SEVERITIES.index(entry.severity) >= SEVERITIES.index(level) for entry in report.entries
    )
    return int(reached)
