"""The two sides of a pull request: the base commit and the files on disk, each compiled by this tool."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from sailwright.commands.diff.base import changed_files
from sailwright.commands.diff.blast_radius import blast_radius
from sailwright.commands.diff.call_graph import call_graphs
from sailwright.commands.diff.changes import Seen
from sailwright.commands.diff.diff import Diff, Side, service_changes, touched
from sailwright.diagnostics.finding import Finding
from sailwright.mesh.world import World
from sailwright.runtime.cache import Cache
from sailwright.runtime.errors import Failure
from sailwright.runtime.records import dataclass, replace
from sailwright.source.files.checkout import Checkout, Commit, Unreadable
from sailwright.source.files.files import PROJECT_FILE
from sailwright.source.source import SERVICE_LIMIT
from sailwright.workspace.selection import Workspace, WorldSet

Compile = Callable[[Checkout], WorldSet]
"""From the files of one side to its worlds; raises Failure where its project file cannot be read."""


@dataclass(frozen=True, slots=True)
class Sides:
    """Both sides compiled. `before` is None where the base has no project file: then everything is new.

    `base_trouble` says why what the base renders may be incomplete, else it is empty.
    """

    commit: str
    before: WorldSet | None
    after: WorldSet
    base_trouble: str = ""


def sides_of(root: str, commit: str, after: WorldSet, compiled: Compile) -> Sides:
    """Lay the base commit beside what was compiled from disk. A base without a project file had no services."""
    base = Commit(root, commit)
    if isinstance(base.read(PROJECT_FILE, SERVICE_LIMIT), Unreadable):
        return Sides(commit, None, after)
    try:
        before = compiled(base)
    except Failure as failure:
        if failure.no_answer:
            raise
        return Sides(commit, None, after, failure.message)
    return Sides(commit, before, after, _trouble(before.findings))


def _trouble(findings: Sequence[Finding]) -> str:
    first = next((finding for finding in findings if finding.severity == "error"), None)
    return f"{first.location.file}:{first.location.line}: {first.message}" if first else ""


def paired(sides: Sides) -> tuple[World, ...]:
    """The worlds on disk, each with its twin at the base: what the rules about changes look at."""
    twins = {(world.environment, world.cluster): world for world in sides.before.worlds} if sides.before else {}
    return tuple(replace(world, base=twins.get((world.environment, world.cluster))) for world in sides.after.worlds)


def compare_sides(root: str, sides: Sides, cache: Cache) -> Diff:
    """What the pull request changes: in the mesh's words, for the traffic, for whom, and in the rendered text.

    What is known of the base is kept for the next comparison with it.
    """
    before, after = _side(sides.before), _side(sides.after)
    changes = service_changes(before, after)
    traffic = traffic_of(paired(sides))
    graphs = call_graphs(sides.before), call_graphs(sides.after)
    if sides.before is not None and not sides.base_trouble and cache.directory is not None:
        from sailwright.commands.diff.kept_graphs import keep_graphs
        from sailwright.commands.linked.worlds import keep_linked_services

        if keep_graphs(sides.before, graphs[0], Commit(root, sides.commit), cache):
            keep_linked_services(sides.after, cache)
    return Diff(
        base=sides.commit,
        changes=changes,
        traffic=traffic,
        touched=touched(changes, *graphs),
        files=changed_files(root, sides.commit, sides.after.project.output.path),
        gate=_gate(root, sides),
        blast_radius=blast_radius(changes, traffic, graphs),
    )


def _gate(root: str, sides: Sides) -> tuple[Finding, ...]:
    """What changes in the settings that decide, and in the files that belong to them."""
    if sides.before is None:
        return ()
    from sailwright.commands.check.gate import base_changes, loaded_files

    after = sides.after
    workspace = Workspace(after.compiled_worlds, after.sources, project=after.project, root=root, compiled=after)
    commit = Commit(root, sides.commit)
    return base_changes(loaded_files(workspace), sides.before.project.document, commit, sides.commit[:12])


def _side(worlds: WorldSet | None) -> Side:
    if worlds is None:
        return {}
    project = worlds.project
    return {
        (target.environment, target.cluster): {
            service.key: Seen(service, project.istio_for(target, service=service)) for service in services
        }
        for target, services in worlds.services.items()
    }


def traffic_of(after: Sequence[World]) -> tuple[tuple[str, str, tuple[str, ...]], ...]:
    """What changes for requests, equal lines of several clusters told once. A new environment has no traffic to change.

    `after` are the worlds on disk, each with its twin at the base.
    """
    from sailwright.commands.diff.calls import call_changes
    from sailwright.commands.diff.traffic import traffic_changes

    places: dict[tuple[str, str], list[str]] = {}
    pairs = list(_twins(after))
    for place, before, world in pairs:
        for change in (*traffic_changes(before, world), *call_changes(before, world)):
            places.setdefault((change.service, change.line), []).append(place)
    return tuple((service, line, () if len(at) == len(pairs) else tuple(at)) for (service, line), at in places.items())


def _twins(after: Iterable[World]) -> Iterator[tuple[str, World, World]]:
    for world in after:
        if world.base is not None:
            names = [name for name in (world.environment, world.cluster) if name]
            yield "/".join(names) or "default", world.base, world
