"""A run of `validate`: files, and in a project what it renders, held to what the API server and Istio would refuse."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from sailwright.commands.lint import all_rules
from sailwright.commands.validate.suppressions import without_suppressed
from sailwright.commands.validate.versions import unknown_versions
from sailwright.diagnostics.finding import Finding, Skipped, Summary
from sailwright.diagnostics.report.places import from_here, placed
from sailwright.lint.deduplicate import order
from sailwright.lint.settings import Settings as LintSettings
from sailwright.mesh.values.releases import NEWEST, parse_release
from sailwright.mesh.world import World
from sailwright.runtime.cache import open_cache
from sailwright.runtime.errors import Failure
from sailwright.runtime.records import dataclass, replace
from sailwright.source import Source
from sailwright.source.files.checkout import Disk
from sailwright.source.files.files import Inputs, named, read_named
from sailwright.source.manifest import Manifest
from sailwright.validate.run import BackendName, Settings, choose_backend, validate_each
from sailwright.validate.schemas.imported import defined
from sailwright.validate.schemas.kubernetes import known_version
from sailwright.workspace.listed_schemas import listed_schemas

if TYPE_CHECKING:
    from sailwright.project import Project
    from sailwright.workspace.worlds import Worlds


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


@dataclass(frozen=True, slots=True)
class Validated:
    """What to report, where its snippets come from, and what standard error is told."""

    findings: tuple[Finding, ...]
    summary: Summary
    sources: tuple[Source, ...]
    notes: tuple[str, ...] = ()
    fail_on: str = "error"


def run(options: Options) -> Validated:
    """Validate. Raises Failure for wrong options, and for a kubeconform that does not do its work."""
    from sailwright.project import find_project

    root = None if options.compat else find_project(options.project)
    if root is not None:
        return _project(options, root)
    if options.environments:
        raise Failure("--env chooses environments of a project, and there is no sailwright.yaml here")
    settings, notes = _settings(options, options.backend or "auto")
    skipped: list[Skipped] = []
    return _files(named(options.paths or (".",), skipped), skipped, settings, notes, LintSettings())


def _files(
    names: Sequence[str], skipped: Sequence[Skipped], settings: Settings, notes: tuple[str, ...], lint: LintSettings
) -> Validated:
    from sailwright.commands.validate.files import judge_files

    judged = judge_files(names, settings, lint, all_rules)
    summary = replace(judged.summary, skipped=(*skipped, *judged.summary.skipped))
    return Validated(judged.findings, summary, judged.sources, notes, lint.fail_on)


def _project(options: Options, root: str) -> Validated:
    """A project, or the files of PATHS with the project around them."""
    from sailwright.workspace.compile import Unread, compile_opened, open_project
    from sailwright.workspace.worlds import worlds_of

    skipped: list[Skipped] = []
    names = named(options.paths, skipped)
    opened = open_project(Disk(root), options.environments)
    if isinstance(opened, Unread):
        return Validated(opened.findings, Summary(len(opened.sources)), opened.sources)
    if options.paths and not any(_is_inside(root, name) for name in names):
        settings, notes, _ = _in_project(opened.project, options)
        return _files(names, skipped, settings, notes, _lint_settings(opened.project, options, root))
    worlds = worlds_of(compile_opened(opened, open_cache(enabled=options.cached, project=root)))
    whole, settings = validate_worlds(worlds, options, root)
    more = unknown_versions(opened.project) if not options.kubernetes_versions else ()
    whole = replace(whole, findings=_sorted([*whole.findings, *worlds.findings, *more]))
    if not options.paths:
        return _from_here(whole, root)
    inputs = Inputs(tuple(read_named(name) for name in names), tuple(skipped))
    mine = {_real(root, source.path) for source in worlds.sources}
    return _narrowed(inputs, root, mine, whole, settings, _lint_settings(opened.project, options, root))


def validate_worlds(worlds: Worlds, options: Options, root: str) -> tuple[Validated, Settings]:
    """What each cluster would refuse, by its own versions, of what is rendered there and the manifests assigned to it."""
    project = worlds.compilation.project
    settings, notes, problems = _in_project(project, options)
    lint = _lint_settings(project, options, root)
    findings, suppressed = _worlds(worlds, settings, options, lint)
    documents = sum(len(source.documents) for source in worlds.sources)
    summary = Summary(len(worlds.sources), documents, (), suppressed)
    return Validated(_sorted([*findings, *problems]), summary, worlds.sources, notes, lint.fail_on), settings


def _in_project(project: Project, options: Options) -> tuple[Settings, tuple[str, ...], tuple[Finding, ...]]:
    """How a project wants to be judged; what standard error is told, and what is wrong with the schemas it lists."""
    project = _trusted(project, options)
    settings, notes = _settings(options, options.backend or project.validate.get("backend", "auto"))
    imported, problems = listed_schemas(project, open_cache(enabled=options.cached, project=project.root))
    return replace(settings, imported=imported), notes, tuple(problems)


def _trusted(project: Project, options: Options) -> Project:
    """The project whose `validate` block and schemas count: with `config_ref` that of the trusted commit, if it had one."""
    if options.config_ref is None:
        return project
    from sailwright.project import read_project
    from sailwright.source.files.checkout import Commit, resolve_commit

    commit = Commit(project.root, resolve_commit(project.root, options.config_ref))
    return read_project(commit).project or project


def _lint_settings(project: Project, options: Options, root: str) -> LintSettings:
    """The `lint:` block, which says what is suppressed and what fails; with `config_ref` that of a trusted commit."""
    if options.config_ref is None and not project.lint:
        return LintSettings()
    from sailwright.lint.config_ref import at_hand, of_commit

    if options.config_ref is None:
        return at_hand(project.document, all_rules(), None, may_be_new=False).settings
    return of_commit(project.document, all_rules(), None, root, options.config_ref).settings


def _narrowed(
    inputs: Inputs, root: str, mine: set[str], whole: Validated, settings: Settings, lint: LintSettings
) -> Validated:
    """PATHS narrow what is reported of the project; files that do not belong to it are judged as they are."""
    from sailwright.commands.validate.files import judge_sources

    asked = {os.path.realpath(source.path) for source in inputs.sources}
    others = tuple(source for source in inputs.sources if os.path.realpath(source.path) not in mine)
    beside = judge_sources(others, settings, lint, all_rules)
    findings = [
        finding
        for finding in whole.findings
        if _real(root, finding.location.file) in asked and replace(finding, environments=()) not in beside.findings
    ]
    documents = sum(len(source.documents) for source in inputs.sources)
    skipped = (*inputs.skipped, *beside.summary.skipped)
    summary = Summary(len(inputs.sources), documents, skipped, beside.summary.suppressed)
    narrowed = _from_here(replace(whole, findings=tuple(findings)), root)
    return Validated(
        _sorted([*narrowed.findings, *beside.findings]),
        summary,
        (*narrowed.sources, *inputs.sources),
        whole.notes,
        lint.fail_on,
    )


def _from_here(validated: Validated, root: str) -> Validated:
    """With files named as the user sees them."""
    return replace(
        validated,
        findings=tuple(placed(finding, root) for finding in validated.findings),
        sources=tuple(replace(source, path=from_here(source.path, root)) for source in validated.sources),
    )


def _worlds(worlds: Worlds, settings: Settings, options: Options, lint: LintSettings) -> tuple[list[Finding], int]:
    """A finding that several environments have alike is one, and names them."""
    merged: dict[Finding, Finding] = {}
    suppressed = 0
    wanted = [_in_world(settings, world, options) for world in worlds.worlds]
    for world, judged in zip(worlds.worlds, _judged(worlds.worlds, wanted), strict=True):
        kept, fewer = without_suppressed(judged, worlds.sources, all_rules, lint)
        suppressed += fewer
        for finding in kept:
            alike = replace(finding, rendered=None)
            known = merged.setdefault(alike, finding)
            if world.environment is not None and world.environment not in known.environments:
                merged[alike] = replace(known, environments=(*known.environments, world.environment))
    return list(merged.values()), suppressed


def _judged(worlds: Sequence[World], wanted: Sequence[Settings]) -> list[list[tuple[Manifest, tuple[Finding, ...]]]]:
    """Each world's objects with their findings. Those with the same versions are judged together, by one kubeconform."""
    judged: dict[int, list[tuple[Manifest, tuple[Finding, ...]]]] = {}
    for place, settings in enumerate(wanted):
        if place in judged:
            continue
        alike = [other for other, those in enumerate(wanted) if those == settings]
        # sailwright.yaml stands among the manifests of a world
        objects = {other: [manifest for manifest in worlds[other].manifests if manifest.kind] for other in alike}
        found = iter(validate_each([manifest for part in objects.values() for manifest in part], settings))
        judged |= {other: [(manifest, next(found)) for manifest in part] for other, part in objects.items()}
    return [judged[place] for place in range(len(worlds))]


def _in_world(settings: Settings, world: World, options: Options) -> Settings:
    """The flags have the last word; else each cluster has its own versions."""
    return replace(
        settings,
        kubernetes=options.kubernetes_versions or world.facts.kubernetes_versions,
        istio=settings.istio if options.istio_version else world.facts.istio_version,
        imported=(*settings.imported, *defined(world.manifests)),
    )


def _settings(options: Options, backend: BackendName) -> tuple[Settings, tuple[str, ...]]:
    program = choose_backend(backend, options.kubeconform)
    release = parse_release(options.istio_version) if options.istio_version else NEWEST
    notes: tuple[str, ...] = ()
    if backend == "auto":
        named = f"kubeconform {program.version}" if program else "the built-in validator: kubeconform is not on PATH"
        notes = (f"schemas are judged by {named}",)
    for version in options.kubernetes_versions:
        known_version(version)
    settings = Settings(
        kubernetes=options.kubernetes_versions,
        istio=str(release),
        compat=options.compat,
        kubeconform=program,
    )
    return settings, notes


def _sorted(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    return tuple(sorted(findings, key=order))


def _real(root: str, path: str) -> str:
    return os.path.realpath(os.path.join(root, path))


def _is_inside(root: str, path: str) -> bool:
    return os.path.realpath(path).startswith(os.path.realpath(root).rstrip(os.sep) + os.sep) and os.path.exists(path)
