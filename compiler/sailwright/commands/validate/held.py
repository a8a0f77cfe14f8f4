"""What `validate` is asked for, what it holds the objects of a project to, and what it reports."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from sailwright.commands.validate.missing_schemas import once_per_kind
from sailwright.diagnostics.finding import Finding, Summary
from sailwright.diagnostics.merge import order
from sailwright.mesh.values.releases import NEWEST, parse_release
from sailwright.runtime.records import dataclass, replace
from sailwright.source.source import Source
from sailwright.validate.run import BackendName, Settings, choose_backend
from sailwright.validate.schemas.kubernetes import known_version

if TYPE_CHECKING:
    from sailwright.commands.validate.kept import KeptValidation
    from sailwright.lint.settings import Settings as LintSettings
    from sailwright.project.model import Project
    from sailwright.workspace.built_text import Build
    from sailwright.workspace.kept_rendering import Part


@dataclass(frozen=True, slots=True)
class Options:
    """The command line of `validate`; None and empty tuples leave it to the project, else to the defaults."""

    paths: tuple[str, ...] = ()
    project: str | None = None
    environments: tuple[str, ...] = ()
    backend: BackendName | None = None
    kubeconform: str | None = None
    kubernetes_versions: tuple[str, ...] = ()
    istio_version: str | None = None
    compat: bool = False
    cached: bool = True
    config_ref: str | None = None
    build: Build | None = None
    namespace: str | None = None


@dataclass(frozen=True, slots=True)
class Validated:
    """What to report, where its snippets come from, and what standard error says."""

    findings: tuple[Finding, ...]
    summary: Summary
    sources: tuple[Source, ...]
    notes: tuple[str, ...] = ()
    fail_on: str = "error"
    project_invalid: bool = False


@dataclass(frozen=True, slots=True)
class Held:
    """What objects of a project are held to, what is wrong with its schemas, and what standard error says of the validator."""

    settings: Settings
    problems: tuple[Finding, ...]
    notes: tuple[str, ...]


def held_to(project: Project, options: Options) -> Held:
    """The `validate` block of a project, with the schemas that it lists."""
    from sailwright.runtime.cache import open_cache
    from sailwright.workspace.listed_schemas import listed_schemas

    settings, notes = settings_and_notes(options, options.backend or project.validate.get("backend", "auto"))
    imported, problems = listed_schemas(project, open_cache(enabled=options.cached, project=project.root))
    return Held(replace(settings, imported=imported), problems, notes)


def lint_settings(project: Project, options: Options, root: str) -> LintSettings:
    """The `lint:` block, which says what is suppressed and what fails; with `config_ref` that of a trusted commit."""
    from sailwright.lint.settings import Settings as LintSettings

    if options.config_ref is None and not project.lint:
        return LintSettings()
    from sailwright.commands.rules import all_rules
    from sailwright.lint.config_ref import lint_config

    return lint_config(project.document, all_rules(), None, root, options.config_ref).settings


def known_findings(
    project: Project,
    options: Options,
    kept: KeptValidation,
    since: Callable[[], Part | None],
) -> tuple[tuple[Finding, ...], Held] | None:
    """What `validate_workspace` finds in a whole project, where what is kept says it; None where it does not.

    `since` gives what was read of the services that have changed. May raise LostRow.
    """
    from sailwright.commands.validate.worlds import of_worlds

    held = held_to(project, options)
    found = kept.known(held.settings, (options.kubernetes_versions, options.istio_version), since)
    if found is None:
        return None
    whole = [*of_worlds(found), *held.problems, *unknown(project, options)]
    return once_per_kind(sorted(whole, key=order)), held


def unknown(project: Project, options: Options) -> tuple[Finding, ...]:
    """The versions of Kubernetes that the project names and nobody knows."""
    from sailwright.commands.validate.versions import unknown_versions

    return tuple(unknown_versions(project)) if not options.kubernetes_versions else ()


def settings_and_notes(options: Options, backend: BackendName) -> tuple[Settings, tuple[str, ...]]:
    """What the flags hold objects to, and what standard error says of the validator."""
    program = choose_backend(backend, options.kubeconform)
    release = parse_release(options.istio_version) if options.istio_version else NEWEST
    notes: tuple[str, ...] = ()
    if backend == "auto":
        named = f"kubeconform {program.version}" if program else "the built-in validator: kubeconform is not on PATH"
        notes = (f"schemas are checked by {named}",)
    for version in options.kubernetes_versions:
        known_version(version)
    settings = Settings(
        kubernetes=options.kubernetes_versions,
        istio=str(release),
        compat=options.compat,
        kubeconform=program,
    )
    return settings, notes
