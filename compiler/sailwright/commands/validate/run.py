"""`validate`: load the files, hold them to what the API server and Istio would refuse, report.

load      workspace/load.py     in a project its worlds and the selected files; else names, read by those who check them
check     worlds.py             each cluster of a project, by its own versions
          files.py              files by themselves, shared out among processes
report    cli/reporting.py
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

from sailwright.commands.rules import all_rules
from sailwright.commands.validate.files import check_files, check_sources
from sailwright.commands.validate.held import Options as Options
from sailwright.commands.validate.held import Validated as Validated
from sailwright.commands.validate.held import held_to, lint_settings, settings_and_notes, unknown
from sailwright.commands.validate.missing_schemas import once_per_kind
from sailwright.diagnostics.finding import Finding, Skipped
from sailwright.diagnostics.merge import order
from sailwright.runtime.errors import Failure
from sailwright.runtime.records import replace

if TYPE_CHECKING:
    from sailwright.commands.validate.kept import KeptValidation
    from sailwright.commands.validate.kept_run import KeptRun
    from sailwright.project.model import Project
    from sailwright.workspace.built_text import Build
    from sailwright.workspace.selection import Workspace


def validate(options: Options) -> Validated:
    """Validate. Raises Failure for wrong options, and for a kubeconform that does not do its work."""
    from sailwright.source.files.discovery import find_project

    if options.build is not None:
        return _of_build(options, options.build)
    if options.compat or find_project(options.project) is None:
        return _without_project(options)
    from sailwright.commands.validate.kept_run import kept_run

    kept = kept_run(options)
    known = (kept.known() if kept is not None else None) or _first(options, kept)
    if known is not None:
        return known
    workspace = _loaded(options)
    keeping = kept.keeping(workspace) if kept is not None else None
    validated = validate_workspace(workspace, options, workspace.findings, keeping)
    if kept is not None and keeping is not None:
        kept.keep(workspace, validated)
    return replace(
        validated, findings=workspace.shown(validated.findings), sources=(*validated.sources, *workspace.shown_sources)
    )


def _first(options: Options, run: KeptRun | None) -> Validated | None:
    """The first validation of a large project, in portions; None where that is no way to validate it."""
    if options.paths:
        return None
    from sailwright.commands.validate.kept_run import kept_run
    from sailwright.workspace.temporary_store import temporary_store

    loaded = run.project.loaded if run is not None else None
    with temporary_store(options.project, cached=options.cached, loaded=loaded) as temporary:
        if temporary:
            run = kept_run(replace(options, cached=True))
        if temporary is None or run is None:
            return None
        from sailwright.commands.validate.in_portions import validate_in_portions

        return validate_in_portions(run)


def _loaded(options: Options) -> Workspace:
    from sailwright.workspace.load import load
    from sailwright.workspace.selection import Selection

    kept = options.cached
    return load(
        Selection(
            options.paths,
            options.environments,
            project=options.project,
            cached=kept,
            context="own",
            recording=kept,
            reusing=kept,
        )
    )


def _without_project(options: Options) -> Validated:
    """Files as they are; each process reads its share of them."""
    from sailwright.commands.validate.as_applied import as_applied
    from sailwright.source.files.files import named
    from sailwright.source.files.real_paths import RealPaths
    from sailwright.source.kustomize import parts_among

    if options.environments:
        raise Failure(
            "--env chooses environments of a project, and there is no sailwright.yaml in this folder or above"
        )
    settings, notes = settings_and_notes(options, options.backend or "auto")
    skipped: list[Skipped] = []
    real = RealPaths()
    names = named(options.paths or (".",), skipped, real)
    parts = {} if options.compat else parts_among(names, real)
    prepare, read = as_applied([] if options.compat else names, options.namespace, real)
    checked = check_files(names, settings, None, all_rules, prepare, parts, read)
    summary = replace(checked.summary, skipped=(*skipped, *checked.summary.skipped))
    named_files = set(map(os.path.normpath, names))
    findings = tuple(each for each in checked.findings if each.location.file in named_files)
    return Validated(findings if options.compat else once_per_kind(findings), summary, checked.sources, notes)


def _of_build(options: Options, build: Build) -> Validated:
    """What another program renders."""
    from sailwright.commands.validate.as_applied import as_built
    from sailwright.workspace.built_text import built
    from sailwright.workspace.chart_templates import with_templates

    settings, notes = settings_and_notes(options, options.backend or "auto")
    found = built(build)
    prepare = as_built(found.manifests, options.namespace)
    checked = check_sources(found.sources, settings, None, all_rules, prepare)
    findings = with_templates(checked.findings, found.sources, found.charts)
    return Validated(once_per_kind(findings), checked.summary, found.sources, notes)


def validate_workspace(
    workspace: Workspace, options: Options, more: Sequence[Finding] = (), kept: KeptValidation | None = None
) -> Validated:
    """What each cluster would refuse, by its own versions, of what is rendered there and the manifests assigned to it, as far as
    the selected files are concerned; and extra files as they are. `more` are findings of the whole project to report with them. What is
    found may be `kept`.

    Files are named as the project names them.
    """
    from sailwright.commands.validate.worlds import check_worlds
    from sailwright.workspace.narrow import narrow

    project = workspace.project
    if project is None:
        return Validated(workspace.findings, workspace.summary(), workspace.sources, project_invalid=True)
    held = held_to(_trusted(project, options), options)
    settings, notes = held.settings, held.notes
    lint = lint_settings(project, options, workspace.root)
    findings, suppressed, by_world = check_worlds(
        workspace, settings, lint, kubernetes=options.kubernetes_versions, istio=options.istio_version
    )
    if kept is not None and workspace.compiled is not None and workspace.covers_project and not workspace.extra_files:
        versions = (options.kubernetes_versions, options.istio_version)
        kept.keep(settings, versions, workspace.compiled, by_world, ignoring=bool(lint.ignore))
    whole = [*findings, *held.problems, *unknown(project, options), *more]
    if not workspace.covers_project:
        files = {source.path for source in workspace.sources}
        whole = list(narrow(whole, files.__contains__))
    extra = check_sources(workspace.extra_files, settings, lint, all_rules)
    others = [finding for finding in whole if replace(finding, environments=()) not in extra.findings]
    return Validated(
        once_per_kind(sorted([*others, *extra.findings], key=order)),
        workspace.summary((suppressed if workspace.covers_project else 0) + extra.summary.suppressed),
        extra.sources,
        notes,
        lint.fail_on,
    )


def _trusted(project: Project, options: Options) -> Project:
    """The project whose `validate` block and schemas count: with `config_ref` that of the trusted commit, if it had one."""
    if options.config_ref is None:
        return project
    from sailwright.project.reading import read_project
    from sailwright.source.files.checkout import Commit, resolve_commit

    commit = Commit(project.root, resolve_commit(project.root, options.config_ref))
    return read_project(commit).project or project
