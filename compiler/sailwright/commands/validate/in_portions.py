"""The first validation of a large project: what is rendered goes to the store, and is checked some services at a time.

What comes of it is kept as a run over the whole mesh keeps it, and reported from that. Where findings may be suppressed, where a definition
may concern every object, and where something is wrong with the files, the whole mesh is loaded.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from sailwright.commands.kept_project import files_of
from sailwright.commands.portions.mesh import KeptServices, open_services
from sailwright.commands.portions.scan import places_in_worlds
from sailwright.commands.validate.held import Validated, held_to, lint_settings
from sailwright.commands.validate.kept import ValidatedPart, validate_part
from sailwright.commands.validate.kept_run import KeptRun
from sailwright.commands.validate.worlds import for_world
from sailwright.diagnostics.finding import Skipped
from sailwright.lint.run import carries_suppressions
from sailwright.lint.settings import ANNOTATION, MARKER
from sailwright.runtime.memory import one_at_a_time
from sailwright.runtime.process_pool import can_fork, processors, results_of
from sailwright.runtime.records import dataclass, field
from sailwright.runtime.table import LostRow
from sailwright.source.manifest import Manifest
from sailwright.source.scalars import Dialect
from sailwright.validate.run import Settings
from sailwright.validate.schemas.imported import defined
from sailwright.workspace.around_services import digest_of_rendered
from sailwright.workspace.extra_files import unlisted_services
from sailwright.workspace.file_order import Key
from sailwright.workspace.load import skipped_documents
from sailwright.workspace.packed_services import unpack
from sailwright.workspace.selection import Selection
from sailwright.workspace.worlds import rendered_manifests

_AT_ONCE: Final = 4
"""Rows of services that are checked together."""


@dataclass(slots=True)
class _Seen:
    """What was seen of some services: what validation found, their files, and whether one of them may suppress or define anything."""

    found: list[ValidatedPart] = field(default_factory=list)
    files: list[tuple[int, Key, str]] = field(default_factory=list)
    sources: dict[str, tuple[Dialect, int]] = field(default_factory=dict)
    skipped: list[Skipped] = field(default_factory=list)
    suppressing: bool = False
    defining: bool = False


def validate_in_portions(run: KeptRun) -> Validated | None:
    """Validate a large project; None where the whole mesh must be loaded for it."""
    root, store, environments = run.project.loaded.project.root, run.project.rendering.store, run.options.environments
    if not can_fork() or run.kept({}, {}).all_must_load():
        return None
    selection = Selection(environments=environments, project=root, cached=True)
    try:
        services = open_services(selection, root, store, processors(), with_errors=True)
        return run.known() if services is not None and _kept(run, services) else None
    except LostRow:
        return None


def _kept(run: KeptRun, services: KeptServices) -> bool:
    """Validate all services and what is around them, and keep what is found; False where it is not to be kept."""
    around, options, project = services.around, run.options, services.part.compilation.project
    settings = held_to(project, options).settings
    versions = options.kubernetes_versions, options.istio_version
    wanted = [for_world(settings, world.facts, *versions) for world in around.worlds]
    jobs = processors()
    seen = results_of(range(jobs), lambda job: _look(services, wanted, services.rows[job::jobs]), apart=True)
    if any(each.defining for each in seen) or any(True for world in around.worlds for _ in defined(world.manifests)):
        return False
    own_files = (each for some in seen for each in some.files)
    places = places_in_worlds(own_files, around.worlds, services.shared)
    lint = lint_settings(project, options, project.root)
    written = (*services.written.values(), project.document.source)
    suppressing = (
        bool(lint.ignore)
        or any(each.suppressing for each in seen)
        or any(MARKER in source.data for source in written)
        or carries_suppressions(around.worlds)
    )
    found = [validate_part(number, world.manifests, wanted[number], {}) for number, world in enumerate(around.worlds)]
    run.kept(services.kept.digests(services.part), {}).keep_parts(
        settings,
        versions,
        [world.environment for world in around.worlds],
        places,
        digest_of_rendered(around.rendered),
        [*found, *(each for some in seen for each in some.found)],
        suppressing=suppressing,
    )
    sources = {path: each for some in seen for path, each in some.sources.items()}
    files = dict(sorted(sources.items())) | files_of(written)
    skipped = sorted((each for some in seen for each in some.skipped), key=lambda each: each.file)
    skips = (*unlisted_services(project), *skipped, *skipped_documents(written))
    run.project.keep(around, files, around.findings, skips, {"fail on": lint.fail_on})
    return True


def _look(services: KeptServices, wanted: Sequence[Settings], rows: Sequence[Sequence[str]]) -> _Seen:
    """Look at some rows of services. May raise LostRow."""
    seen, compilation = _Seen(), services.part.compilation
    output = compilation.project.output.path
    for start in one_at_a_time(range(0, len(rows), _AT_ONCE)):
        paths = [path for row in rows[start : start + _AT_ONCE] for path in row]
        packed = services.packed(paths)
        manifests: list[list[Manifest]] = [[] for _ in wanted]
        of_file: dict[str, str] = {}
        for path, data in packed.items():
            unpacked = unpack(compilation, path, data)
            seen.skipped += skipped_documents(unpacked.sources)
            seen.sources |= files_of(unpacked.sources)
            seen.suppressing = seen.suppressing or MARKER in data or ANNOTATION.encode() in data
            for target, key, file in unpacked.files:
                number, name = compilation.targets.index(target), f"{output}/{file.path}"
                seen.files.append((number, key, name))
                of_file[name] = file.source
                manifests[number] += rendered_manifests(compilation, file)
        for number, own in enumerate(manifests):
            seen.defining = seen.defining or any(True for _ in defined(own))
            seen.found.append(validate_part(number, own, wanted[number], of_file))
    return seen
