"""`upgrade-check` of a large project: each release looks at it in portions, so that no process ever holds the mesh.

keep      commands/portions/mesh.py      what is rendered of each service without sidecars goes to a store of this run
lint      commands/lint/in_portions.py  once as each release sees the mesh
portions  here                          validation, the table of changes, and the sidecars

Where one of them has no such way, the whole mesh is loaded.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from sailwright.commands.lint.in_portions import Portion, lint_in_portions
from sailwright.commands.lint.kept import request_of
from sailwright.commands.lint.results import known_results, last_run
from sailwright.commands.lint.run import LintOptions, lint_request
from sailwright.commands.portions.mesh import KeptMesh, KeptServices, SeenAs, open_services
from sailwright.commands.rules import all_rules
from sailwright.commands.test.answers import CasesRun
from sailwright.commands.test.in_portions import tests_of
from sailwright.commands.upgrade_check.findings import only_after
from sailwright.commands.upgrade_check.parts import Entries, entries_of, part_of, upgrades_of
from sailwright.commands.upgrade_check.report import MESH, Owner, Part, UpgradeReport, combined
from sailwright.commands.upgrade_check.sidecars import Injectors
from sailwright.commands.upgrade_check.world import Upgrade, as_running, environment_name, upgraded
from sailwright.commands.validate.suppressions import without_suppressed
from sailwright.commands.validate.worlds import for_world, of_worlds
from sailwright.diagnostics.finding import Finding
from sailwright.diagnostics.merge import merge
from sailwright.lint.run import LintRequest, lint
from sailwright.lint.suppression_audit import Names
from sailwright.mesh.queries.pod_proxies import says_build
from sailwright.mesh.values.releases import Release, newer_minor
from sailwright.mesh.world import World
from sailwright.project.services import read_services
from sailwright.runtime.cache import temporary_cache
from sailwright.runtime.process_pool import can_fork, elsewhere, processors, results_of
from sailwright.runtime.records import dataclass, replace
from sailwright.runtime.store import open_store
from sailwright.runtime.table import LostRow
from sailwright.source.files.checkout import Disk
from sailwright.source.files.discovery import need_project
from sailwright.source.manifest import Manifest
from sailwright.source.source import Source
from sailwright.validate.run import Settings, validate_each
from sailwright.validate.schemas.imported import defined
from sailwright.workspace.kept_rendering import KeptRendering
from sailwright.workspace.kept_rendering import Part as RenderedPart
from sailwright.workspace.packed_services import unpack
from sailwright.workspace.selection import CompiledWorld, Selection, Workspace

Named = tuple[int, Finding]
"""What validation finds, with the number of the cluster."""


def upgrade_in_portions(selection: Selection, to: Release, running: str | None) -> UpgradeReport | None:
    """What an upgrade of a large project changes; None where the whole mesh must be loaded to know it.

    Raises Failure where nothing says which release runs today.
    """
    if not can_fork():
        return None
    root = need_project(selection.project)
    with temporary_cache() as cache:
        if cache.directory is None:
            return None
        aside = replace(selection, aside=Disk(root), cached=True, jobs=None)
        try:
            services = open_services(aside, root, open_store(cache, root), processors())
            return _report(aside, services, to, running) if services is not None else None
        except LostRow:
            return None


def _report(selection: Selection, services: KeptServices, to: Release, running: str | None) -> UpgradeReport | None:
    around, project = services.around, services.part.compilation.project
    workspace = Workspace(around.compiled_worlds, (), project=project, root=project.root)
    upgrades = tuple(upgrades_of(workspace, to, running))
    parts: list[Part] | None = []
    if upgrades:
        # what another cluster of its environment has counts as it is; and rules run over all clusters
        apart = any(world.siblings for world in around.worlds) or len(upgrades) < len(around.worlds)
        parts = None if apart else _parts(selection, upgrades, _baked(services))
    if parts is None:
        return None
    everywhere = [environment_name(world) for world in around.worlds]
    return replace(combined(str(to), parts, everywhere, unverified=newer_minor(to)), root=project.root)


def _baked(services: KeptServices) -> dict[str, bool]:
    """Whether the build bakes sidecars into the pods of each rendered file, but for those with objects that services include."""
    output, jobs = services.part.compilation.project.output.path, processors()

    def look(job: int) -> dict[str, bool]:
        found: dict[str, bool] = {}
        for paths in services.rows[job::jobs]:
            for path, data in services.packed(paths).items():
                for _, _, file in unpack(services.part.compilation, path, data).files:
                    if all(each.written is None for each in file.rendered_objects):
                        found[f"{output}/{file.path}"] = says_build(file.written)
        return found

    return {path: each for some in results_of(range(jobs), look, apart=True) for path, each in some.items()}


def _parts(selection: Selection, upgrades: Sequence[Upgrade], baked: Mapping[str, bool]) -> list[Part] | None:
    """What the upgrade of each environment changes; None where portions are no way to say it."""
    by_place = {(each.world.environment, each.world.cluster): each for each in upgrades}

    def before(world: World) -> World:
        return _having(as_running(world, by_place[world.environment, world.cluster].before), baked)

    def after(world: World) -> World:
        return _having(upgraded(world, upgrades[0].to), baked)

    old = _side(selection, before, _Looking(None, baked))
    new = _side(selection, after, looking := _Looking(upgrades, baked)) if old is not None else None
    if old is None or new is None:
        return None
    seen = [looking.entries(number) for number in range(len(upgrades))]
    owners = [{each.file: each for some in entries for each in some.services} for entries in seen]
    places = [(each.world.environment, own) for each, own in zip(upgrades, owners, strict=True)]
    found = only_after(old, new, places)
    return [
        part_of(each.before, environment_name(each.world), entries, own)
        for each, entries, own in zip(upgrades, seen, found, strict=True)
    ]


def _having(world: World, baked: Mapping[str, bool]) -> World:
    return replace(world, facts=replace(world.facts, baked=baked))


def _side(selection: Selection, seen_as: SeenAs, looking: _Looking) -> tuple[Finding, ...] | None:
    """Everything that is found in the mesh as one release sees it."""
    last = last_run(selection, (), ())
    found = lint_in_portions(selection, last, _asked, looking, seen_as) if last is not None else None
    kept = known_results(selection, found) if found is not None else None
    if kept is None:
        return None
    return merge((*lint(request_of(kept), kept.judged).findings, *looking.validated(), *looking.tests.findings))


def _asked(workspace: Workspace) -> LintRequest:
    """What reading the files finds is the same on both sides."""
    return replace(lint_request(workspace, LintOptions(Selection())), problems=(), baseline=None)


@dataclass(frozen=True, slots=True)
class _Looked:
    """What came of a portion: what validation found, and what else the upgrade changes, cluster by cluster."""

    validated: list[Named]
    entries: list[Entries]


class _Looking:
    """What is done with the portions of a mesh beside the lint. The `upgrades` of its clusters are asked about once."""

    def __init__(self, upgrades: Sequence[Upgrade] | None, baked: Mapping[str, bool]) -> None:
        self._upgrades, self._baked = upgrades, baked
        self._looked: list[_Looked] = []
        self.tests = CasesRun((), 0, 0)

    def before(self, _kept: KeptRendering, _part: RenderedPart) -> Mapping[str, bytes]:
        """No service differs."""
        return {}

    def begin(self, mesh: KeptMesh, request: LintRequest, _names: Names | None) -> bool:
        """Run the tests, and validate what is around the services; False where that takes more than a few fields of these."""
        self._mesh, self._request = mesh, request
        if any(True for world in mesh.around.worlds for _ in defined(world.manifests)):
            return False
        if tested := sorted(mesh.scanned.tested):
            found = elsewhere(lambda: tests_of(mesh.all_services, tested))
            if found is None:
                return False
            self.tests, _ = found
        sources = (*mesh.written.values(), mesh.part.compilation.project.document.source)
        around = [each.manifests for each in mesh.around.worlds]
        self._looked = [_Looked(elsewhere(lambda: self._validated(around, sources)), [])]
        return True

    def look(self, portion: Portion) -> _Looked:
        """Validate the services of a portion, and say what else the upgrade changes there."""
        files = portion.own.keys() - self._mesh.by_hand.keys()
        worlds = portion.found.worlds
        own = [[each for each in world.manifests if each.document.source.path in files] for world in worlds]
        if any(True for some in own for _ in defined(some)):
            raise ValueError  # a definition may concern every object
        return _Looked(self._validated(own, portion.found.sources), self._entries(portion))

    def end(self, _last: object, found: Sequence[_Looked]) -> bool:
        """Nothing is kept."""
        self._looked += found
        return True

    def validated(self) -> tuple[Finding, ...]:
        """What validation found."""
        found = sorted((each for looked in self._looked for each in looked.validated), key=lambda each: each[0])
        return of_worlds((self._mesh.around.worlds[number].environment, each) for number, each in found)

    def entries(self, number: int) -> list[Entries]:
        """What else the upgrade changes in a cluster, in the order of its services."""
        found = [looked.entries[number] for looked in self._looked if looked.entries]
        services = sorted((each for some in found for each in some.services), key=lambda each: each.name.split("/"))
        return [*(replace(each, services=()) for each in found), Entries((), (), (), tuple(services))]

    def _validated(self, worlds: Sequence[Sequence[Manifest]], sources: Iterable[Source]) -> list[Named]:
        """What the API server would refuse of some objects of each cluster, and nobody suppresses."""
        found: list[Named] = []
        sources = tuple(sources)
        for number, manifests in enumerate(worlds):
            facts = self._mesh.around.worlds[number].facts
            objects = [each for each in manifests if each.kind]
            results = validate_each(objects, for_world(Settings(), facts, (), None))
            pairs = list(zip(objects, results, strict=True))
            left, _ = without_suppressed(pairs, sources, all_rules, self._request.settings)
            found += ((number, each) for each in left)
        return found

    def _entries(self, portion: Portion) -> list[Entries]:
        if self._upgrades is None:
            return []
        compilation = self._mesh.part.compilation
        services = read_services(compilation.project, compilation.targets, sorted(portion.packed)).by_target
        found = replace(self._mesh, seen_as=lambda world: _having(world, self._baked)).having(portion.packed)
        injectors, here = Injectors(), {*portion.packed, *portion.group}
        entries = []
        for target, upgrade, world in zip(compilation.targets, self._upgrades, found.worlds, strict=True):
            asked = replace(upgrade, compiled=CompiledWorld(world, services[target]))
            entries.append(self._own(entries_of(asked, injectors), here))
        return entries

    def _own(self, entries: Entries, here: set[str]) -> Entries:
        """Without what is said of hand-written files that are another portion's."""

        def ours(owner: Owner) -> bool:
            return owner.name == MESH or owner.file in here or owner.file not in self._mesh.by_hand

        table, injected = ([each for each in some if ours(each[0])] for some in (entries.table, entries.injected))
        sidecars = [each for each in entries.sidecars if ours(each[0])]
        return replace(entries, table=tuple(table), injected=tuple(injected), sidecars=tuple(sidecars))
