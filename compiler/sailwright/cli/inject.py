"""`sailwright inject`: the sidecar into any workload, offline."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import click

from sailwright.cli.notes import note
from sailwright.cli.options import Shared, examples, shared_but

if TYPE_CHECKING:
    from sailwright.commands.inject import InjectedFiles


@click.command(
    epilog=examples(
        "sailwright inject -f deployment.yaml # print the workload with its sidecar",
        "cat all.yaml | sailwright inject -f - -n shop > out.yaml # through a pipe",
        "sailwright inject -f deployment.yaml --istio-version 1.30.0 # as that release would",
    )
)
@click.option("-f", "--filename", "files", multiple=True, metavar="FILE|-", help="A file of objects. Repeatable.")
@click.option("-o", "--output", metavar="FILE", help="Where the result goes. Default: standard output.")
@click.option("-n", "--namespace", metavar="NS", help="Where objects without metadata.namespace go. Default: default.")
@click.option("--istio-version", metavar="X.Y.Z", help="The release to inject as. Default: the newest known.")
@click.option(
    "--sidecar-mode", type=click.Choice(("native", "classic")), help="The kind of sidecar that your clusters run."
)
@click.option("--revision", metavar="R", help="The revision of the control plane. Default: default.")
@click.option("--mesh-config-file", metavar="FILE", help="The MeshConfig; no project file is read then.")
@click.option("--values-file", metavar="FILE", help="The injector's values; no project file is read then.")
@click.option("--compat", type=click.Choice(("istioctl",)), help="Exactly what istioctl kube-inject does.")
@shared_but("-v --verbose")
def command(
    files: tuple[str, ...],
    output: str | None,
    namespace: str | None,
    istio_version: str | None,
    sidecar_mode: str | None,
    revision: str | None,
    mesh_config_file: str | None,
    values_file: str | None,
    compat: str | None,
    shared: Shared,
) -> int:
    """Add the Istio sidecar to any workload, offline, as the injector of that release would.

    Deployments, StatefulSets, DaemonSets, ReplicaSets, ReplicationControllers, DeploymentConfigs, Jobs, CronJobs, Pods and
    Lists of them; other objects are printed unchanged. After an error, nothing is printed.
    """
    from sailwright.commands.inject import InjectOptions, inject

    if not files:
        raise click.UsageError("nothing to inject: name files with -f, or `-` for standard input")
    options = InjectOptions(
        files,
        namespace,
        istio_version,
        sidecar_mode,
        revision,
        mesh_config_file,
        values_file,
        istioctl=compat is not None,
        project=shared.project,
        cached=not shared.no_cache,
    )
    result = inject(options)
    for text in result.notes:
        note(text)
    if not result.documents and not result.findings and not shared.allow_empty:
        raise click.UsageError("the input holds no documents (--allow-empty makes that fine)")
    if not result.refused:
        _write(result.chunks(), output)
    status = _report(result, shared) if result.findings or shared.formats else 0
    return status or int(result.refused)


def _write(chunks: Iterable[bytes], output: str | None) -> None:
    if output is None:
        import sys

        sys.stdout.buffer.writelines(chunks)
    else:
        from sailwright.runtime.atomic_file import replace

        replace(output, chunks)


def _report(result: InjectedFiles, shared: Shared) -> int:
    """Report to standard error: standard output is the result's."""
    import sys
    from contextlib import redirect_stdout

    from sailwright.cli.reporting import tell
    from sailwright.diagnostics.finding import Summary

    with redirect_stdout(sys.stderr):
        return tell(result.findings, Summary(len(result.sources), result.documents), result.sources, shared)
