"""What is kept of both sides of a comparison: of the files on disk, and of the base, where only services are not the same in both."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from sailwright.commands.diff.kept_graphs import KeptGraphs, kept_graphs, state_of
from sailwright.commands.linked.worlds import files_of_services
from sailwright.diagnostics.finding import any_error
from sailwright.runtime.records import dataclass
from sailwright.source.files.checkout import Commit, Disk
from sailwright.source.files.recorded import Recorded, digest
from sailwright.source.source import MANIFEST_LIMIT, Source
from sailwright.workspace.compile import InvalidProject, LoadedProject, load_project
from sailwright.workspace.kept_commit import KeptCommit, kept_commit
from sailwright.workspace.kept_rendering import KeptRendering, Part, kept_rendering
from sailwright.workspace.service_change import service_patterns
from sailwright.workspace.worlds import hand_written

if TYPE_CHECKING:
    from sailwright.runtime.cache import Cache


@dataclass(frozen=True, slots=True)
class KeptSides:
    """What is kept of both sides of a project whose other files are the same on both: it is `loaded` from disk, and `there` is the base.

    `services` are the service files of which not the same is rendered, those that are on one side only among them, `digests` those of all
    on disk, `written` the hand-written files.
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

    def after(self, paths: frozenset[str]) -> dict[str, bytes] | None:
        """What is rendered of those of these services that are on disk, as `packed_services` packs it; None where it is not known."""
        here, paths = self.part.packed, paths & self.digests.keys()
        found = self.kept.others(self.part, paths - here.keys())
        return None if found is None else found | {path: here[path] for path in paths & here.keys()}

    def before(self, paths: frozenset[str]) -> dict[str, bytes] | None:
        """The same of those that are in the base."""
        return self.base.packed(paths & self.base.digests.keys())


def kept_sides(root: str, name: str, environments: Sequence[str], cache: Cache) -> KeptSides | None:
    """What is kept of both sides; None where that is not all, or more is not the same than services. May raise LostRow."""
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
    written = hand_written(part.compilation)
    sources = {path: each for path, each in written.items() if isinstance(each, Source)}
    if len(sources) < len(written) or not _same_around(part, commit, graphs, sources):
        return None
    there, digests = load_project(commit, environments), kept.digests(part)
    if isinstance(there, InvalidProject):
        return None
    services = frozenset(path for path, _ in digests.items() ^ base.digests.items())
    return KeptSides(loaded, there, kept, part, commit, base, graphs, services, digests, sources)


def _same_around(part: Part, commit: Commit, graphs: KeptGraphs, written: Mapping[str, Source]) -> bool:
    """Whether all that is read but the files of services is the same on both sides: the project, its templates, hand-written files."""
    project, checkout = part.compilation.project, part.compilation.project.checkout
    if not isinstance(checkout, Recorded):
        return False
    services = part.paths | part.change.earlier.keys()
    others = [path for path in checkout.reads if path not in services]
    commit.fetch(others)
    differing = {path for path in others if _digest(commit, path) != checkout.reads[path]}
    if not differing <= files_of_services(part, differing) - written.keys():
        return False
    patterns = (pattern for pattern in checkout.globs if pattern not in service_patterns(project))
    if any(commit.glob(pattern) != checkout.globs[pattern] for pattern in patterns):
        return False
    if any(any_error(found.problems) for found in written.values()):
        return False
    states = {path: state_of(found) for path, found in written.items()}
    return states == graphs.manifests and not any_error(part.findings)


def _digest(commit: Commit, path: str) -> bytes:
    data = commit.read(path, MANIFEST_LIMIT)
    return digest(data) if isinstance(data, bytes) else b""
