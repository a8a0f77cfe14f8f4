"""`sailwright inject`: the sidecar into any workload, offline."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from sailwright.cli.notes import note
from sailwright.cli.options import Shared, shared

if TYPE_CHECKING:
    from sailwright.commands.inject import InjectedFiles, SettingsFor
    from sailwright.render.injection import InjectionSettings
    from sailwright.runtime.cache import Cache
    from sailwright.source import Source


@click.command()
@click.option("-f", "--filename", "files", multiple=True, metavar="FILE|-", help="A file of objects. Repeatable.")
@click.option("-o", "--output", metavar="FILE", help="Where the result goes. Default: standard output.")
@click.option("--namespace", metavar="NS", help="Where objects without metadata.namespace will be applied.")
@click.option("--istio-version", metavar="X.Y.Z", help="The release to inject as. Default: the newest known.")
@click.option("--sidecar-mode", type=click.Choice(("native", "classic")), help="What the clusters run.")
@click.option("--revision", metavar="R", help="The revision of the control plane. Default: default.")
@click.option("--mesh-config-file", metavar="FILE", help="The MeshConfig; no project file is read then.")
@click.option("--values-file", metavar="FILE", help="The injector's values; no project file is read then.")
@click.option("--compat", type=click.Choice(("istioctl",)), help="Exactly what istioctl kube-inject does.")
@shared
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
    Lists of them; other objects pass through. Nothing is printed where anything is refused.
    """
    from sailwright.commands.inject import inject_sources

    if not files:
        raise click.UsageError("nothing to inject: name files with -f, or `-` for standard input")
    settings_for = _settings(istio_version, sidecar_mode, revision, mesh_config_file, values_file, compat, shared)
    sources = _read(files)
    result = inject_sources(sources, settings_for, namespace)
    if not result.documents and not result.findings and not shared.allow_empty:
        raise click.UsageError("the input holds no documents (--allow-empty makes that fine)")
    refused = any(finding.severity == "error" for finding in result.findings)
    if not refused:
        _write(result.text, output)
    status = _tell(result, sources, shared) if result.findings or shared.formats else 0
    return status or int(refused)


def _read(files: tuple[str, ...]) -> list[Source]:
    from sailwright.source.files.files import collect

    return [source for file in files for source in collect((file,)).sources]


def _settings(
    istio_version: str | None,
    sidecar_mode: str | None,
    revision: str | None,
    mesh_config_file: str | None,
    values_file: str | None,
    compat: str | None,
    shared: Shared,
) -> SettingsFor:
    """The settings for each namespace: of the project where there is one, unless flags stand in for it."""
    from sailwright.mesh.values.releases import NEWEST
    from sailwright.render.injection import settings_from
    from sailwright.runtime.cache import open_cache
    from sailwright.source.files.discovery import find_project

    cache = open_cache(enabled=not shared.no_cache, project=shared.project)
    bare = compat is not None or values_file is not None or mesh_config_file is not None
    folder = None if bare else find_project(shared.project)
    if folder is not None:
        return _of_project(folder, istio_version, sidecar_mode, revision, cache)
    settings = settings_from(
        _mapping(values_file),
        _mapping(mesh_config_file),
        release=istio_version or str(NEWEST),
        revision=revision or "default",
        sidecar_mode=sidecar_mode or "classic",
        compat=compat is not None,
        cache=cache,
    )
    _announce(settings, guessed=sidecar_mode is None and compat is None)
    return lambda _namespace: settings


def _of_project(
    folder: str, istio_version: str | None, sidecar_mode: str | None, revision: str | None, cache: Cache
) -> SettingsFor:
    from functools import cache as once

    from sailwright.mesh.values.releases import unverified
    from sailwright.render.injection.places import istio_by_namespace
    from sailwright.render.injection_settings import settings_said
    from sailwright.runtime.errors import Failure

    places = istio_by_namespace(folder, cache)

    @once
    def settings_in(place: str) -> InjectionSettings:
        settings = settings_said(
            places[place], release=istio_version, revision=revision, sidecar_mode=sidecar_mode, cache=cache
        )
        if places[place]["strict_patch"] and unverified(settings.release):
            raise Failure(f"Istio {settings.release} is newer than any verified patch, and istio.strictPatch is set")
        return settings

    _announce(settings_in(""), guessed=sidecar_mode is None and places[""]["sidecar_mode"] is None)
    return lambda namespace: settings_in(namespace if namespace in places else "")


def _announce(settings: InjectionSettings, *, guessed: bool) -> None:
    """What was decided for want of an answer goes to standard error."""
    from sailwright.mesh.values.releases import line_of, unverified

    if guessed:
        click.echo("sidecars are classic containers: say --sidecar-mode native where the clusters run them", err=True)
    if unverified(settings.release):
        newest = line_of(settings.release).newest
        note(f"istio-patch-unverified: Istio {settings.release} is injected as {newest} is")


def _mapping(file: str | None) -> dict[str, Any]:
    """The mapping that a YAML or JSON file holds; an empty file holds an empty one."""
    from sailwright.runtime.errors import Failure
    from sailwright.source.files.files import read

    if file is None:
        return {}
    source = read(file)
    if source.problems:
        problem = source.problems[0]
        raise Failure(f"{file}:{problem.location.line}: {problem.message}")
    value = source.documents[0].value if source.documents else None
    if value is not None and (not isinstance(value, dict) or len(source.documents) > 1):
        raise Failure(f"{file}: one mapping is needed: is this the right file?")
    return value or {}


def _write(text: str, output: str | None) -> None:
    data = text.encode("utf-8", "replace")
    if output is None:
        import sys

        sys.stdout.buffer.write(data)
    else:
        from sailwright.runtime.atomic_file import replace

        replace(output, data)


def _tell(result: InjectedFiles, sources: list[Source], shared: Shared) -> int:
    """Report to standard error: standard output is the result's."""
    import sys
    from contextlib import redirect_stdout

    from sailwright.cli.reporting import tell
    from sailwright.diagnostics.finding import Summary

    with redirect_stdout(sys.stderr):
        return tell(result.findings, Summary(len(sources), result.documents), sources, shared)
