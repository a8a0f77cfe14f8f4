"""`sailwright validate`: what the API server or Istio's webhook would refuse."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from sailwright.cli.building import building, wanted_build
from sailwright.cli.explain_worlds import explain_worlds as print_worlds
from sailwright.cli.explain_worlds import explaining
from sailwright.cli.notes import note, note_release
from sailwright.cli.options import Shared, examples, shared

if TYPE_CHECKING:
    from sailwright.validate.run import BackendName


@click.command(
    epilog=examples(
        "sailwright validate rendered/ # what is committed",
        "kubectl kustomize overlays/live | sailwright validate - # what kustomize prints",
        "sailwright validate --kubernetes-version 1.34 deploy/ # for one version of Kubernetes",
    )
)
@click.argument("paths", nargs=-1, metavar="[PATHS...|-]")
@click.option("--env", "environments", multiple=True, metavar="NAME", help="Only these environments of the project.")
@click.option(
    "--backend",
    type=click.Choice(("auto", "kubeconform", "builtin")),
    help="What checks the schemas. Default: the project's, else auto: kubeconform where it is installed.",
)
@click.option("--kubeconform", metavar="PROGRAM", help="The kubeconform to run. Default: the one on PATH.")
@click.option(
    "--kubernetes-version",
    "kubernetes_versions",
    multiple=True,
    metavar="X.Y",
    help="The Kubernetes to validate for. Repeatable. Default: the project's, else the newest known.",
)
@click.option("--istio-version", metavar="X.Y.Z", help="The Istio release to check for.")
@click.option("--compat", type=click.Choice(("istioctl",)), help="Answer as `istioctl validate` does.")
@click.option("-n", "--namespace", metavar="NAME", help="The namespace of objects that name none, without a project.")
@explaining
@building
@shared
def command(
    paths: tuple[str, ...],
    environments: tuple[str, ...],
    backend: BackendName | None,
    kubeconform: str | None,
    kubernetes_versions: tuple[str, ...],
    istio_version: str | None,
    compat: str | None,
    namespace: str | None,
    explain_worlds: bool,
    kustomize: str | None,
    helm: str | None,
    values: tuple[str, ...],
    shared: Shared,
) -> int:
    """Find what the API server or Istio's webhook would refuse, without a cluster and without a network."""
    from sailwright.cli.reporting import nothing_checked, tell
    from sailwright.commands.validate.run import Options, validate

    note_release(istio_version)
    build = wanted_build(paths, kustomize, helm, values)
    if explain_worlds:
        return _explain(paths, environments, namespace, shared)
    validated = validate(
        Options(
            paths,
            shared.project,
            environments,
            backend,
            kubeconform,
            kubernetes_versions,
            istio_version,
            compat is not None,
            cached=not shared.no_cache,
            build=build,
            namespace=namespace,
        )
    )
    if not validated.summary.files and not shared.allow_empty:
        return nothing_checked(paths, validated.summary, shared)
    for text in validated.notes:
        note(text)
    status = tell(validated.findings, validated.summary, validated.sources, shared, validated.fail_on)
    return 2 if validated.project_invalid else status


def _explain(paths: tuple[str, ...], environments: tuple[str, ...], namespace: str | None, shared: Shared) -> int:
    from sailwright.workspace.selection import Selection

    return print_worlds(Selection(paths, environments, project=shared.project, namespace=namespace))
