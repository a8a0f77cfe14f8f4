"""The first check of a large project: all its parts are done portion by portion with the first lint, and kept; then it is reported.

base      workspace/commit_change.py    what the base renders otherwise than the files on disk
portions  commands/lint/in_portions.py  each is linted; here it is compared with the base, and validated
tests     here                          over a few fields of each object, as rules around the services are
report    commands/check/change.py      from what is kept, as after no change

Where one of them has no such way, the whole mesh is loaded: see `commands.check.whole`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from sailwright.commands.build.options import BuildResult
from sailwright.commands.build.render_and_keep import render_and_keep
from sailwright.commands.check.base import Base, named_base
from sailwright.commands.check.change import kept_check
from sailwright.commands.check.checked import Checked, Options
from sailwright.commands.check.either_links import EitherLinks
from sailwright.commands.check.gate import same_settings
from sailwright.commands.check.linked import part_of, selected_at_large, world_at_base
from sailwright.commands.check.lint import keep_comparison
from sailwright.commands.check.parts import build_request
from sailwright.commands.lint.in_portions import Portion, lint_in_portions
from sailwright.commands.lint.links import unanswered_of_packed
from sailwright.commands.lint.results import LastRun
from sailwright.commands.lint.run import LintOptions, lint_request
from sailwright.commands.lint.suppressions import marked_files
from sailwright.commands.lint.units import places_of
from sailwright.commands.portions.mesh import KeptMesh
from sailwright.commands.test.answers import CasesRun
from sailwright.commands.test.in_portions import tests_of
from sailwright.commands.test.kept import KeptTests, asked_fields
from sailwright.commands.traces import Trace, around_digest, part_digest
from sailwright.commands.validate.held import Options as Validation
from sailwright.commands.validate.held import held_to
from sailwright.commands.validate.kept import KeptValidation, ValidatedPart, validate_part
from sailwright.commands.validate.worlds import for_world
from sailwright.lint.compared import run_compared
from sailwright.lint.deduplicate import WorldFinding
from sailwright.lint.noted_fields import Noted, noting_worlds
from sailwright.lint.run import LintRequest, carries_suppressions
from sailwright.lint.suppression_audit import Names
from sailwright.mesh.world import World
from sailwright.runtime.errors import Failure
from sailwright.runtime.pressed import plain
from sailwright.runtime.process_pool import can_fork, elsewhere, processors, results_of
from sailwright.runtime.records import dataclass
from sailwright.source.files.checkout import Commit, Disk
from sailwright.source.files.recorded import Recorded
from sailwright.source.manifest import Manifest
from sailwright.validate.schemas.imported import defined
from sailwright.workspace.around_services import digest_of_rendered
from sailwright.workspace.commit_change import CommitServices, commit_services
from sailwright.workspace.compile import InvalidProject, load_project
from sailwright.workspace.kept_commit import keep_commit
from sailwright.workspace.kept_rendering import KeptRendering, Part, kept_rendering
from sailwright.workspace.parallel import is_large
from sailwright.workspace.selection import Selection
from sailwright.workspace.service_rows import content_digest


def check_in_portions(options: Options, last: LastRun, built: BuildResult | None = None) -> Checked | None:
    """Check a large project; None where the whole mesh must be loaded for it. `last` is what is known of the last lint, `built` what
    `build --check` says, where that is known.
    """
    if options.paths or options.workers is not None:
        return None
    selection = Selection(project=options.root, cached=True, jobs=None)
    if built is None:
        built, kept = _built(options, last)
        if not kept:
            return None
    with_check = _WithCheck(options, named_base(options))
    found = lint_in_portions(selection, last, lambda each: lint_request(each, LintOptions(selection)), with_check)
    return kept_check(options, found, built) if found is not None else None


def _built(options: Options, last: LastRun) -> tuple[BuildResult | None, bool]:
    """What `build --check` says, where services are rendered for it now; and whether what is rendered is kept."""
    loaded = load_project(Recorded(Disk(last.root)))
    if isinstance(loaded, InvalidProject) or not is_large(loaded.project) or not can_fork():
        return None, False
    if not same_settings(options.root, options.config_ref):
        return None, False
    request = build_request(options)
    kept = kept_rendering(loaded, request.cache, injecting=True, store=last.store)
    if kept is None or KeptValidation(last.store, kept.name, b"", {}, lambda _: None).all_must_load():
        return None, False
    if kept.part(loaded, request.cache) is not None:
        return None, True
    built = elsewhere(lambda: render_and_keep(request, loaded, kept, processors()))
    return built, built is not None


@dataclass(frozen=True, slots=True)
class _Looked:
    """What came of a portion: what validation and the rules that compare found, and the fields of it that these and tests may read."""

    validated: tuple[ValidatedPart, ...]
    compared: tuple[WorldFinding, ...]
    noted: frozenset[tuple[str, str]]
    asked: frozenset[tuple[str, str]]


class _WithCheck:
    """What a check does with the portions of a mesh beside the lint."""

    def __init__(self, options: Options, base: Base) -> None:
        self._options, self._base = options, base
        self._at_base = CommitServices({}, frozenset())

    def before(self, kept: KeptRendering, part: Part) -> Mapping[str, bytes] | None:
        """What the base renders otherwise; None where that is not known, or the base cannot be read: the whole check words it."""
        if self._base.commit is None:
            return {}
        cache = Selection(project=self._options.root, cached=True).cache
        commit = Commit(self._options.root, self._base.commit)
        try:
            at_base = elsewhere(lambda: commit_services(kept, part, commit, cache))
        except Failure as failure:
            if failure.no_answer:
                raise
            return None
        if at_base is None:
            return None
        self._at_base = at_base
        return at_base.packed

    def begin(self, mesh: KeptMesh, request: LintRequest, names: Names | None) -> bool:
        """Run the tests; False where that takes more than some fields of the mesh, and where validation takes the whole."""
        self._mesh, self._request, self._names = mesh, request, names
        self._settings = held_to(mesh.part.compilation.project, Validation()).settings
        tested = sorted(mesh.scanned.tested)
        tests = elsewhere(lambda: tests_of(mesh.all_services, tested)) if tested else (CasesRun((), 0, 0), frozenset())
        if tests is None or any(True for world in mesh.around.worlds for _ in defined(world.manifests)):
            return False
        self._tests, self._tests_noted = tests
        return True

    def look(self, portion: Portion) -> _Looked:
        """Validate a portion, and compare it with the base."""
        files = portion.own.keys() - self._mesh.by_hand.keys()
        found = []
        for number, world in enumerate(portion.found.worlds):
            own = [each for each in world.manifests if each.document.source.path in files]
            if any(True for _ in defined(own)):
                raise ValueError  # a definition may concern every object: see `validate.kept`
            found.append(self._validated(number, own, portion.own))
        compared = self._compared(portion, files) if self._base.commit is not None else ()
        asked = asked_fields(portion.packed.values()) if self._mesh.scanned.tested else ()
        return _Looked(tuple(found), compared, frozenset(portion.noted), frozenset(asked))

    def end(self, last: LastRun, found: Sequence[_Looked]) -> bool:
        """Keep what came of all."""
        if not last.known.get("around"):
            return False
        mesh, around = self._mesh, around_digest(last.known["around"], last.known["program"])
        services = dict(last.known["services"].items())
        noted = frozenset(each for looked in found for each in looked.noted)
        asked = self._tests_noted.union(*(each.asked for each in found))
        parts = self._parts(set(noted), set(asked))
        seen = tuple(dict.fromkeys(each for looked in found for each in looked.compared))
        places, base = [places_of(world).plain() for world in mesh.around.worlds], self._base
        either = EitherLinks(mesh.either, unanswered_of_packed(plain(mesh.unanswered_in_either)))
        links = {
            "links": either.keep(last.store, last.name),
            "places": places,
            "rendered around": digest_of_rendered(mesh.around.rendered),
        }
        trace = Trace(services, {path: each for path, (each, _) in parts.items()}, set(noted))
        keep_comparison(last, base.tree, around, trace, seen, self._request.chosen, self._rendered(), links)
        traced = Trace(services, {path: each for path, (_, each) in parts.items()}, set(asked))
        tested = sorted(mesh.scanned.tested)
        tests = KeptTests(last.store, last.name, around, services, lambda _: None)
        tests.keep_traced(self._tests, tested, traced if tested else Trace(services, {}, set()))
        self._keep_validation(KeptValidation(last.store, mesh.kept.name, around, services, lambda _: None), found)
        if base.commit is not None:
            self._keep_base(last, services, base.tree or "")
        return True

    def _validated(self, number: int, manifests: Iterable[Manifest], of_file: Mapping[str, str]) -> ValidatedPart:
        facts = self._mesh.around.worlds[number].facts
        return validate_part(number, manifests, for_world(self._settings, facts, (), None), of_file)

    def _compared(self, portion: Portion, files: Iterable[str]) -> tuple[WorldFinding, ...]:
        """What the rules find that compare with the base. Raises ValueError where one of them crashes, or something hangs on what is not linked."""
        linked = {*files, *portion.own, *portion.packed}
        worlds = [part_of(world, linked) for world in portion.found.worlds]
        bases = self._bases(portion, worlds, set(files))
        if selected_at_large(worlds, bases):
            raise ValueError
        worlds = [*noting_worlds(tuple(worlds), portion.noted, portion.own.keys() | self._mesh.by_hand.keys())]
        for world, whole in zip((*worlds, *bases), portion.traits * 2, strict=True):
            whole.tell(world.index)
        found = run_compared(worlds, bases, self._request.chosen, self._names)
        if found is None:
            raise ValueError
        return found

    def _bases(self, portion: Portion, worlds: Sequence[World], files: set[str]) -> Sequence[World]:
        """The worlds of a portion as they were at the base: as they are where none of its services differs."""
        at_base = self._at_base
        before = {
            path: at_base.packed.get(path, each) for path, each in portion.packed.items() if path not in at_base.gone
        }
        before |= {path: at_base.packed[path] for path in portion.group if path in at_base.packed}
        if before == portion.packed:
            return portion.found.worlds
        output = self._mesh.part.compilation.project.output.path
        return [world_at_base(world, number, before, output, files) for number, world in enumerate(worlds)]

    def _parts(self, noted: Noted, asked: Noted) -> dict[str, tuple[bytes, bytes]]:
        """Digests of what was read of each service, to compare it and to test it."""
        texts, jobs = self._mesh.scanned.texts, processors()
        paths = list(texts)

        def digests(number: int) -> dict[str, tuple[bytes, bytes]]:
            found = {}
            for path in paths[number::jobs]:
                data = plain(texts[path])
                found[path] = part_digest(data, noted), part_digest(data, asked) if asked else b""
            return found

        return {path: each for some in results_of(range(jobs), digests) for path, each in some.items()}

    def _rendered(self) -> dict[str, str]:
        """The file that each rendered file comes from."""
        return {**self._mesh.around.rendered_from, **self._mesh.scanned.services}

    def _keep_validation(self, kept: KeptValidation, found: Sequence[_Looked]) -> None:
        mesh = self._mesh
        worlds = mesh.around.worlds
        around = [self._validated(number, each.manifests, {}) for number, each in enumerate(worlds)]
        suppressing = (
            bool(self._request.settings.ignore or mesh.scanned.marked or any(mesh.scanned.annotated))
            or bool(marked_files(mesh.written.values()))
            or carries_suppressions(worlds)
        )
        kept.keep_parts(
            self._settings,
            ((), None),
            [world.environment for world in worlds],
            mesh.places,
            digest_of_rendered(mesh.around.rendered),
            [*around, *(each for looked in found for each in looked.validated)],
            suppressing=suppressing,
        )

    def _keep_base(self, last: LastRun, services: Mapping[str, str], tree: str) -> None:
        at_base, texts = self._at_base, self._mesh.scanned.texts
        digests = {path: each for path, each in services.items() if path not in at_base.gone}
        digests |= {path: content_digest(each) for path, each in at_base.packed.items()}

        def load(paths: Iterable[str]) -> dict[str, bytes]:
            return {path: at_base.packed[path] if path in at_base.packed else plain(texts[path]) for path in paths}

        keep_commit(last.store, self._mesh.kept.name, tree, digests, load)
