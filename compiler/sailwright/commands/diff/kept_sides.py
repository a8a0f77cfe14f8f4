"""What is kept of both sides of a comparison: of the files on disk, and of the base, where only services and manifests are not the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from sailwright.commands.diff.kept_graphs import KeptGraphs, kept_graphs
from sailwright.commands.linked.around import files_of_services, states_of
from sailwright.diagnostics.finding import any_error
from sailwright.runtime.records import dataclass, replace
from sailwright.source.files.checkout import Commit, Disk
from sailwright.source.files.recorded import Recorded, digest
from sailwright.source.source import MANIFEST_LIMIT, Source
from sailwright.workspace.compile import Compilation, InvalidProject, LoadedProject, load_project
from sailwright.workspace.kept_commit import KeptCommit, kept_commit
from sailwright.workspace.kept_rendering import KeptRendering, Part, kept_rendering
from sailwright.workspace.service_change import service_patterns
from sailwright.workspace.worlds import hand_written

if TYPE_CHECKING:
    from sailwright.diagnostics.finding import Finding
    from sailwright.runtime.cache import Cache


@dataclass(frozen=True, slots=True)
class KeptSides:
    """What is kept of both sides of a project whose other files are the same on both: it is `loaded` from disk, and `there` is the base.

    `services` are the service files of which not the same is rendered, those that are on one side only among them, `digests` those of all
    on disk, `written` the hand-written files there and `former` those of the base.
    """

    loaded: LoadedProject
    there: LoadedProject
    kept: KeptRendering
    part: Part
    commit: Commit
    base: KeptCommit
    graphs: KeptGraphs
    services: frozenset[str]
    digests: Mapping[str, str]
    written: Mapping[str, Source]
    former: Mapping[str, Source]

    @property
    def by_hand(self) -> frozenset[str]:
        """The hand-written files that are not the same on both sides."""
        old, new = self.former, self.written
        return frozenset(path for path in old.keys() | new.keys() if old.get(path) is not new.get(path))

    def after(self, paths: frozenset[str]) -> dict[str, bytes] | None:
        """What is rendered of those of these services that are on disk, as `packed_services` packs it; None where it is not known."""
        here, paths = self.part.packed, paths & self.digests.keys()
        found = self.kept.others(self.part, paths - here.keys())
        return None if found is None else found | {path: here[path] for path in paths & here.keys()}

    def before(self, paths: frozenset[str]) -> dict[str, bytes] | None:
        """The same of those that are in the base."""
        return self.base.packed(paths & self.base.digests.keys())


def kept_sides(root: str, name: str, environments: Sequence[str], cache: Cache) -> KeptSides | None:
    """What is kept of both sides; None where that is not all, or more is not the same than services and manifests. May raise LostRow."""
    loaded = load_project(Recorded(Disk(root)), environments)
    if isinstance(loaded, InvalidProject):
        return None
    kept, commit = kept_rendering(loaded, cache, injecting=True), Commit(root, name)
    if kept is None:
        return None
    base, graphs = (known(loaded.targets, commit, cache) for known in (kept_commit, kept_graphs))
    if not isinstance(base, KeptCommit) or not isinstance(graphs, KeptGraphs) or graphs.annotated:
        return None
    part = kept.part(loaded, cache)
    if part is None:
        return None
    kept.recall(part)
    there = load_project(commit, environments)
    if isinstance(there, InvalidProject) or any_error(part.findings):
        return None
    before_manifests = _read_so_far(part)
    written = _sources(hand_written(part.compilation))
    if written is None or not _same_around(part, commit, graphs, written, before_manifests):
        return None
    states = states_of(written)
    same = {path: each for path, each in written.items() if graphs.manifests.get(path) == states[path]}
    former = _sources(hand_written(compilation_of(part, there), same))
    digests = kept.digests(part)
    if former is None or states_of(former) != graphs.manifests:
        return None
    services = frozenset(path for path, _ in digests.items() ^ base.digests.items())
    return KeptSides(loaded, there, kept, part, commit, base, graphs, services, digests, written, former)


def compilation_of(part: Part, there: LoadedProject) -> Compilation:
    """What was read of a project, as it reads the files of a commit."""
    renderings = {target: replace(each, project=there.project) for target, each in part.compilation.renderings.items()}
    return replace(part.compilation, project=there.project, renderings=renderings)


def _sources(written: Mapping[str, Source | Finding]) -> dict[str, Source] | None:
    """Hand-written files as they were read; None where something is wrong with one."""
    found = {path: each for path, each in written.items() if isinstance(each, Source) and not any_error(each.problems)}
    return found if len(found) == len(written) else None


def _read_so_far(part: Part) -> frozenset[str]:
    """The files and patterns that were read."""
    checkout = part.compilation.project.checkout
    return frozenset((*checkout.reads, *checkout.globs)) if isinstance(checkout, Recorded) else frozenset()


def _same_around(
    part: Part, commit: Commit, graphs: KeptGraphs, written: Mapping[str, Source], read: frozenset[str]
) -> bool:
    """Whether all that is read is the same on both sides, but for the files of services and files by hand: the project, its templates.

    What was `read` before the files by hand were looked for is not theirs alone.
    """
    project, checkout = part.compilation.project, part.compilation.project.checkout
    if not isinstance(checkout, Recorded):
        return False
    services = part.paths | part.change.earlier.keys()
    others = [path for path in checkout.reads if path not in services]
    commit.fetch(others)
    by_hand = written.keys() | graphs.manifests.keys()
    differing = {path for path in others if _digest(commit, path) != checkout.reads[path]}
    if not differing <= (files_of_services(part, differing) - by_hand) | (by_hand - read):
        return False
    patterns = {*checkout.globs} - service_patterns(project)
    of_manifests = {pattern for group in project.manifests for pattern in group.paths} - read
    return all(commit.glob(pattern) == checkout.globs[pattern] for pattern in patterns - of_manifests)


def _digest(commit: Commit, path: str) -> bytes:
    data = commit.read(path, MANIFEST_LIMIT)
    return digest(data) if isinstance(data, bytes) else b""
