"""A diff of a change that no request can notice (see `container_changes`), from what is kept of both sides: neither world is built.

Only the services that are not the same on both sides are read. Whatever is not certain here (another file that is not a service's,
services that come or go, anything that is wrong) is left to a comparison of the two worlds.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from sailwright.commands.diff.base import changed_files
from sailwright.commands.diff.blast_radius import blast_radius
from sailwright.commands.diff.call_graph import CallGraph, CallGraphs, declared
from sailwright.commands.diff.changes import Seen
from sailwright.commands.diff.container_changes import same_for_requests
from sailwright.commands.diff.diff import Diff, Side, service_changes, touched
from sailwright.commands.diff.kept_graphs import KeptGraphs, kept_graphs, state_of
from sailwright.diagnostics.finding import any_error
from sailwright.project.services import Services, read_services
from sailwright.runtime.records import dataclass
from sailwright.runtime.table import LostRow
from sailwright.source.files.checkout import Commit, Disk
from sailwright.source.files.recorded import Recorded, digest
from sailwright.source.source import MANIFEST_LIMIT, Source
from sailwright.workspace.compile import InvalidProject, LoadedProject, load_project, service_exports
from sailwright.workspace.kept_commit import KeptCommit, kept_commit
from sailwright.workspace.kept_rendering import KeptRendering, Part, kept_rendering
from sailwright.workspace.service_change import service_patterns
from sailwright.workspace.service_records import inhabited
from sailwright.workspace.worlds import hand_written

if TYPE_CHECKING:
    from sailwright.diagnostics.finding import Finding
    from sailwright.runtime.cache import Cache


@dataclass(frozen=True, slots=True)
class Sides:
    """What is kept of both sides of a project whose other files are the same on both.

    `services` are the service files of which not the same is rendered.
    """

    loaded: LoadedProject
    kept: KeptRendering
    part: Part
    commit: Commit
    base: KeptCommit
    graphs: KeptGraphs
    services: frozenset[str]


def kept_comparison(root: str, commit: str, environments: Sequence[str], cache: Cache) -> Diff | None:
    """What a pull request changes, where no request can notice it; None where that is not known."""
    try:
        return _comparison(root, commit, environments, cache)
    except LostRow:
        return None


def _comparison(root: str, commit: str, environments: Sequence[str], cache: Cache) -> Diff | None:
    sides = _open(root, commit, environments, cache)
    if sides is None or not _unnoticed(sides):
        return None
    there = load_project(sides.commit, environments)
    if isinstance(there, InvalidProject):
        return None
    files = sorted(sides.services)
    before, after = (read_services(each.project, each.targets, files) for each in (there, sides.loaded))
    if _exports(there, before) != _exports(sides.loaded, after):
        return None
    old, new = _side(there, before), _side(sides.loaded, after)
    changes = service_changes(old, new)
    graphs = sides.graphs.graphs, _renewed(sides.graphs.graphs, new)
    return Diff(
        base=commit,
        changes=changes,
        traffic=(),
        touched=touched(changes, *graphs),
        files=changed_files(root, commit, sides.loaded.project.output.path),
        gate=_gate(sides, there, after.sources),
        blast_radius=blast_radius(changes, (), graphs),
    )


def _open(root: str, name: str, environments: Sequence[str], cache: Cache) -> Sides | None:
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
    if not _same_around(part, commit, graphs):
        return None
    digests = kept.digests(part)
    if digests.keys() != base.digests.keys():
        return None
    services = frozenset(path for path, each in digests.items() if base.digests[path] != each)
    return Sides(loaded, kept, part, commit, base, graphs, services)


def _same_around(part: Part, commit: Commit, graphs: KeptGraphs) -> bool:
    """Whether all that is read but service files is the same on both sides: the project, its templates, hand-written files."""
    project, checkout = part.compilation.project, part.compilation.project.checkout
    if not isinstance(checkout, Recorded):
        return False
    services = part.change.others.keys() | part.change.earlier.keys() | part.records.keys()
    others = [path for path in checkout.reads if path not in services]
    commit.fetch(others)
    for path in others:
        data = commit.read(path, MANIFEST_LIMIT)
        if (digest(data) if isinstance(data, bytes) else b"") != checkout.reads[path]:
            return False
    patterns = (pattern for pattern in checkout.globs if pattern not in service_patterns(project))
    if any(commit.glob(pattern) != checkout.globs[pattern] for pattern in patterns):
        return False
    written = hand_written(part.compilation)
    if not all(isinstance(found, Source) and not any_error(found.problems) for found in written.values()):
        return False
    states = {path: state_of(found) for path, found in written.items() if isinstance(found, Source)}
    return states == graphs.manifests and not any_error(part.findings)


def _unnoticed(sides: Sides) -> bool:
    """Whether no request can notice what is not the same of these services."""
    old = sides.base.packed(sides.services)
    new = sides.kept.others(sides.part, sides.services - sides.part.packed.keys())
    if old is None or new is None:
        return False
    new |= sides.part.packed
    return all(same_for_requests(old[path], new[path]) for path in sides.services)


def _exports(loaded: LoadedProject, services: Services) -> object:
    """What others and the project's own objects know of services; None where they cannot be read."""
    return service_exports(loaded.project, services) if not any_error(services.findings) else None


def _side(loaded: LoadedProject, services: Services) -> Side:
    project = loaded.project
    return {
        (target.environment, target.cluster): {
            service.key: Seen(service, project.istio_for(target, service=service)) for service in found
        }
        for target, found in services.by_target.items()
    }


def _renewed(graphs: CallGraphs, services: Side) -> CallGraphs:
    """The call graphs with what these services say now."""
    return {
        sight: CallGraph(
            {**graph.services, **{key: declared(seen.service) for key, seen in services[sight].items()}},
            graph.dependents,
        )
        for sight, graph in graphs.items()
    }


def _gate(sides: Sides, there: LoadedProject, sources: tuple[Source, ...]) -> tuple[Finding, ...]:
    """What changes in the settings that decide, and in the files that belong to them."""
    from sailwright.commands.gate import AtHand, base_changes

    # the services are all the files that may suppress something anew: others are the same, and no object is annotated
    project, ref = sides.loaded.project, sides.commit.commit[:12]
    at_hand = AtHand(sides.commit.root, project.document, frozenset(_rendered_files(sides)), sources, ())
    return base_changes(at_hand, there.project.document, sides.commit, ref)


def _rendered_files(sides: Sides) -> Iterator[str]:
    """The files that are written, relative to the project."""
    part, output = sides.part, sides.loaded.project.output.path
    records = {**part.change.others, **part.records}.values()
    yield from (f"{output}/{path}" for record in records for path in record.outputs)
    namespaces = inhabited(records)
    for number, target in enumerate(part.compilation.targets):
        shared = part.compilation.renderings[target].shared(namespaces.get(number, set()))
        yield from (f"{output}/{file.path}" for file in shared)
