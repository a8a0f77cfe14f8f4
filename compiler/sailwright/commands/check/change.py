"""The results of a check from those of the last one: nothing is read but files that have changed, and no part runs as a whole.

Each part has its own short way: `lint` and the rules that compare with a base, the tests, `build --check`, and validation. Where one of
them has none (other fields changed, another base, other settings), the whole check runs, which words it best.
"""

from __future__ import annotations

import marshal
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from sailwright.commands.build.options import BuildResult
from sailwright.commands.build.rebuild import rebuild
from sailwright.commands.check.base import Base, named_base
from sailwright.commands.check.checked import Checked, Options, Part
from sailwright.commands.check.gate import AtHand, base_changes, changes_by
from sailwright.commands.check.parts import build_part, build_request, checked, linted, narrowed, test_part
from sailwright.commands.lint.kept import renewed_results, request_of
from sailwright.commands.lint.results import Kept, LastRun
from sailwright.commands.lint.suppressions import suppression_of
from sailwright.commands.lint.units import seen_earlier
from sailwright.commands.test.answers import CasesRun
from sailwright.commands.test.kept import KeptTests
from sailwright.commands.traces import KIND, around_digest, trace_of_plain
from sailwright.commands.validate.held import Options as Validation
from sailwright.commands.validate.held import known_findings
from sailwright.commands.validate.kept import KeptValidation
from sailwright.diagnostics.finding import Finding
from sailwright.lint.deduplicate import WorldFinding
from sailwright.lint.run import Judged, lint
from sailwright.runtime.cache import open_cache
from sailwright.runtime.records import dataclass, replace
from sailwright.runtime.store import Pending
from sailwright.runtime.table import LostRow
from sailwright.source.files.checkout import Commit, Disk
from sailwright.source.files.files import PROJECT_FILE
from sailwright.source.files.recorded import Recorded
from sailwright.source.source import SERVICE_LIMIT, Source
from sailwright.workspace.compile import InvalidProject, LoadedProject, load_project, loaded_of
from sailwright.workspace.kept_rendering import KeptRendering
from sailwright.workspace.selection import Selection
from sailwright.workspace.service_rows import name_of
from sailwright.workspace.stubs import with_text

if TYPE_CHECKING:
    from sailwright.workspace.kept_rendering import Part as RenderedPart


@dataclass(frozen=True)
class _Known:
    """A project of which nothing has changed since the last lint but what concerns the changed services alone."""

    options: Options
    last: LastRun
    kept: Kept
    loaded: LoadedProject
    part: RenderedPart | None
    globs: Mapping[str, tuple[str, ...]]
    pending: Pending

    @cached_property
    def since(self) -> RenderedPart | None:
        """What was read of the services that have changed since; None where that cannot be said."""
        return self.part or self.rendering.part(self.loaded, open_cache(project=self.options.root))

    @cached_property
    def services(self) -> dict[str, str]:
        """The digest of what is rendered of each service file."""
        return dict(self.last.known["services"].table.items())

    @cached_property
    def around(self) -> bytes:
        """A digest of what all services may depend on."""
        return around_digest(self.last.known["around"], self.last.known["program"])

    @cached_property
    def rendering(self) -> KeptRendering:
        """Where what is rendered is kept."""
        return KeptRendering(self.last.store, name_of(self.loaded.targets))

    def packed(self, paths: frozenset[str]) -> Mapping[str, bytes] | None:
        """What is rendered of services."""
        return self.rendering.packed(self.services, self.part.packed if self.part is not None else {}, paths)


def kept_check(options: Options, last: LastRun, built: BuildResult | None = None) -> Checked | None:
    """The results of a check; None where what is kept does not say them all. `built` is what `build --check` says, where that is known."""
    try:
        return _kept_check(options, last, built)
    except LostRow:
        return None


def _kept_check(options: Options, last: LastRun, built: BuildResult | None) -> Checked | None:
    if options.paths or not last.known or not last.known.get("around"):
        return None
    with last.store.held():
        known = _known(options, last)
    if known is None:
        return None
    base = named_base(options)
    linted_part = _lint(known, base)
    tests = _tests(known) if linted_part is not None else None
    validated = _validated(known) if tests is not None else None
    known.pending.written()
    if linted_part is None or tests is None or validated is None:
        return None
    parts = (linted_part, test_part(options, tests), build_part(options, built or _built(options)), validated)
    found = checked(known.kept.workspace, known.kept.settings.fail_on, parts)
    return replace(found, sources=_shown(known, found))


def _known(options: Options, last: LastRun) -> _Known | None:
    renewed = renewed_results(Selection(project=options.root, cached=True), last)
    if renewed is None:
        return None
    part = renewed.change.part if renewed.change is not None else None
    loaded = load_project(Recorded(Disk(last.root))) if part is None else loaded_of(part.compilation)
    if isinstance(loaded, InvalidProject):
        return None
    return _Known(options, renewed.last, renewed.kept, loaded, part, last.state.globs, Pending(last.store))


def _lint(known: _Known, base: Base) -> Part | None:
    """What rules find, those included that compare with the base; None where that is not known."""
    found = known.pending.load_mapping(KIND, known.last.name)
    same = {"base": base.tree, "around": known.around}
    if any(found.get(key) != value for key, value in same.items()):
        return None
    renewed = _compared(known, base, found)
    if renewed is None:
        return None
    compared = tuple(_seen(known, renewed["seen"]))
    changes = _changes(known, base, renewed["rendered"])
    if changes is None:
        return None
    if renewed is not found:
        known.pending.keep(KIND, known.last.name, marshal.dumps(renewed))
    request = replace(request_of(known.kept), changes=changes)
    result = lint(request, _judged(known, compared, found["comparing"]))
    return linted(known.options, base, result.findings, result.suppressed)


def _compared(known: _Known, base: Base, found: dict[str, Any]) -> dict[str, Any] | None:
    """What rules find that compare with the base, as it was kept or is to be kept; None where that is not known."""
    trace = trace_of_plain(found["trace"])
    followed = trace.followed(known.services, known.packed)
    findings = [each.finding for each in _seen(known, found["seen"])]
    if followed is not None and not trace.about_changed(findings, known.services, known.packed):
        return found if followed is trace else {**found, "trace": followed.plain()}
    from sailwright.commands.check.linked import Comparison
    from sailwright.commands.lint.suppressions import names_of

    last, name = known.last, known.rendering.name
    names = names_of(last.known)
    comparison = Comparison(
        last.store,
        known.pending,
        last.name,
        name,
        base.tree or "",
        found,
        last.known,
        known.services,
        names,
        known.packed,
        lambda: known.since,
    )
    return comparison.again(trace) if base.commit is not None else comparison.alone(trace)


def _seen(known: _Known, plain: Sequence[Any]) -> Iterable[WorldFinding]:
    """Findings of worlds as they were kept."""
    numbers = {rule: number for number, rule in enumerate(known.last.known["ids"])}
    return seen_earlier({"seen": plain}, numbers, known.last.known["places"])


def _judged(known: _Known, compared: Sequence[WorldFinding], comparing: Sequence[str]) -> Judged:
    """What all rules found."""
    if not compared:
        return known.kept.judged
    from sailwright.lint.compared import with_compared

    lint_known = known.last.known
    before = replace(known.kept.judged, seen=tuple(_seen(known, lint_known["seen"])))
    return with_compared(before, compared, comparing, lint_known["replacements"])


def _changes(known: _Known, base: Base, rendered: Sequence[str]) -> tuple[Finding, ...] | None:
    """What the change does to its own gate; None where the project file is not as in the base, or the settings of the trusted commit are
    not those at hand: then all of it is read.
    """
    root, document, ref = known.options.root, known.loaded.project.document, known.options.config_ref
    annotations = [suppression_of(plain) for *_, plain in known.last.known["annotations"]]
    at_hand = AtHand(root, document, frozenset(rendered), known.kept.workspace.sources, annotations, known.globs)
    if ref is not None:
        return changes_by(at_hand, ref)
    if base.commit is None:
        return ()
    commit = Commit(root, base.commit)
    if commit.read(PROJECT_FILE, SERVICE_LIMIT) != document.source.data:
        return None
    return base_changes(at_hand, document, commit, base.commit[:12])


def _tests(known: _Known) -> CasesRun | None:
    """The results of the tests; None where they are not known, nor found out without all objects."""
    last = known.last
    kept = KeptTests(known.pending, last.name, known.around, known.services, known.packed)
    tests = kept.known()
    if tests is not None:
        return tests
    from sailwright.commands.test.in_portions import tested_again

    return tested_again(last.root, last.store, kept)


def _validated(known: _Known) -> Part | None:
    """What validation finds; None where that is not known."""
    kept = KeptValidation(known.pending, known.rendering.name, known.around, known.services, known.packed)
    found = known_findings(known.loaded.project, Validation(), kept, lambda: known.since)
    if found is None:
        return None
    findings, held = found
    return Part("validate", narrowed(known.options, findings), notes=held.notes)


def _built(options: Options) -> BuildResult:
    """What `build --check` says."""
    request = build_request(options)
    result = rebuild(request) if request.whole else None
    if result is None:
        from sailwright.commands.build.run import run

        result = run(request, lambda _what, _done, _total: None)
    return result


def _shown(known: _Known, found: Checked) -> tuple[Source, ...]:
    """The files that snippets are taken from: those that findings name are read."""
    named = {file for each in found.findings for file in each.files}
    return with_text(known.last.root, found.sources, named)
