"""The change since the last lint, where it is one of services alone, and all else is what it was."""

from __future__ import annotations

import marshal
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

from sailwright.commands.lint.results import LastRun, hang_on_the_day
from sailwright.commands.lint.suppressions import marked_files
from sailwright.diagnostics.plain import plain_skipped
from sailwright.lint.noted_fields import Noted
from sailwright.lint.run import carries_suppressions
from sailwright.mesh.queries.uncertain import any_uncertain
from sailwright.mesh.world import World
from sailwright.project.service.resolve import Target
from sailwright.runtime.records import dataclass, replace
from sailwright.workspace.compile import InvalidProject, LoadedProject, load_project
from sailwright.workspace.extra_files import UNLISTED, unlisted_services
from sailwright.workspace.file_order import place_of_service
from sailwright.workspace.kept_rendering import KeptRendering, Part, kept_rendering
from sailwright.workspace.packed_services import Keyed, packed_objects
from sailwright.workspace.parallel import with_packed
from sailwright.workspace.selection import Selection
from sailwright.workspace.service_change import (
    moved_places,
    namespaces_after,
    only_services,
    same_names,
    same_places,
)
from sailwright.workspace.worlds import absent_by_records, build_worlds, rendered_manifests


@dataclass(frozen=True)
class Change:
    """What is known of the last run, the services that have changed since as they are rendered now, and the worlds of these alone.

    `same_names`: they are those that they were, with the names and hosts that they had.
    """

    last: LastRun
    kept: KeptRendering
    part: Part
    worlds: tuple[World, ...]
    same_names: bool

    @property
    def noted(self) -> Noted:
        """The fields that were read."""
        return set(map(tuple, self.last.known["noted"]))

    @cached_property
    def former(self) -> Mapping[str, bytes] | None:
        """What was rendered of the services before, by path; None where some of it is not there."""
        return self.kept.former(self.part)

    @cached_property
    def files(self) -> frozenset[str]:
        """The files of the services and what is rendered of them, as they are and as they were."""
        output = self.part.compilation.project.output.path
        rendered = (file for keyed in self.part.rendered.values() for _, file in keyed)
        return self.part.own | {f"{output}/{file.path}" for file in rendered} | self.former_places.keys()

    @cached_property
    def namespaces(self) -> frozenset[str]:
        """The namespaces in which there is a service for the first time, or none any more."""
        return frozenset(place[2] for place in moved_places(self.part.change, self.part.records, "mesh"))

    @cached_property
    def more_workloads(self) -> list[Counter[str]]:
        """How many workloads more there are in each namespace than before, or less, in each world."""
        output, found = self.part.compilation.project.output.path, list[Counter[str]]()
        for number, world in enumerate(self.worlds):
            former = replace(world, manifests=tuple(packed_objects(self.former or {}, number, output)), siblings=())
            now, before = (Counter(each.namespace for each in side.index.each_workload()) for side in (world, former))
            now.subtract(before)
            found.append(now)
        return found

    def more_callers(self, number: int, world: World) -> Counter[str]:
        """How many callers more there are in each group than before, or less, in the world of the changed services and those linked to them."""
        from sailwright.mesh.queries.known_callers import group_sizes

        output = self.part.compilation.project.output.path
        others = (each for each in world.manifests if each.document.source.path not in self.files)
        former = replace(world, manifests=(*packed_objects(self.former or {}, number, output), *others), siblings=())
        sizes = group_sizes(world.index)
        sizes.subtract(group_sizes(former.index))
        return sizes

    @cached_property
    def around(self) -> tuple[World, ...]:
        """The worlds of what is around all services."""
        compilation = self.part.compilation
        nothing: dict[Target, Keyed] = dict.fromkeys(compilation.targets, ())
        inhabited = namespaces_after(self.part.change, self.part.records)
        rendered = with_packed(compilation, nothing, {}, self.part.findings, None, inhabited)
        return build_worlds(rendered, absent=self.last.known["around"][2]).worlds

    def places(self, files: Iterable[str]) -> list[dict[str, str]]:
        """The places of some files, those of the changed services among them, in each world."""
        known: Sequence[Mapping[str, str]] = self.last.known["places"]
        found = [{path: each[path] for path in files if path in each} for each in known]
        for number, path, place in self.own_places():
            found[number][path] = place
        return found

    def own_places(self) -> Iterator[tuple[int, str, str]]:
        """The places of what is rendered of the changed services, each with the number of its world and its path."""
        output = self.part.compilation.project.output.path
        for number, target in enumerate(self.part.compilation.targets):
            for key, file in self.part.rendered[target]:
                yield number, f"{output}/{file.path}", place_of_service(key)

    @cached_property
    def former_places(self) -> dict[str, tuple[int, ...]]:
        """The files that were rendered of the services before, each with the numbers of its worlds."""
        output, found = self.part.compilation.project.output.path, dict[str, tuple[int, ...]]()
        for data in (self.former or {}).values():
            files, _ = marshal.loads(data)  # noqa: S302  # sealed, and our own
            for number, _, path, *_ in files:
                found[f"{output}/{path}"] = (*found.get(f"{output}/{path}", ()), number)
        return found


def open_change(selection: Selection, last: LastRun) -> Change | None:
    """The change since the last run, where it is one of services alone; None where it is not, or not known to be."""
    known, state = last.known, last.state
    if not known.get("around") or known["uncertain"] or selection.istio_version is not None:
        return None
    ready = selection.part
    if ready is not None and not (selection.environments or selection.clusters):
        loaded: LoadedProject | InvalidProject = ready.loaded
    else:
        loaded = load_project(last.checkout, selection.environments, selection.clusters)
    if isinstance(loaded, InvalidProject) or not (state.same_globs or only_services(loaded, state)):
        return None
    kept = kept_rendering(loaded, selection.cache, injecting=selection.injecting, store=last.store)
    part = kept.part(loaded, selection.cache, state, ready) if kept is not None else None
    if kept is None or part is None or state.changed_inputs - part.own:
        return None
    if known["services"].table.rows != part.state.known["services"]:
        return None
    _, _, hosts, meshes = known["around"]
    same = state.same_globs and same_names(part.change, part.records)
    if not same and not _same_around(part, known):
        return None
    worlds = _worlds(part, hosts)
    if [repr(world.index.mesh) for world in worlds] != meshes or any(any_uncertain(world.index) for world in worlds):
        return None
    return Change(last, kept, part, worlds, same)


def _same_around(part: Part, known: Mapping[str, Any]) -> bool:
    """Whether all is the same that is not said by files of services: Namespaces, hosts that are absent, files that nobody listed."""
    if not _same_shared(part):
        return False
    project, hosts = (
        part.compilation.project,
        absent_by_records(part.compilation, (each for _, each in part.each_record())),
    )
    unlisted = [each for each in known["skipped"] if each[1] == UNLISTED]
    return hosts == list(map(frozenset, known["around"][2])) and unlisted == list(
        map(plain_skipped, unlisted_services(project))
    )


def _same_shared(part: Part) -> bool:
    """Whether the same is rendered for all services: Namespaces with their labels, waypoints, the project's own Gateways."""
    project = part.compilation.project
    gateways = any(project.gateway_for(target) for target in part.compilation.targets)
    if gateways and not same_places(part.change, part.records, "gateway"):
        return False
    return not any(
        waypoint or inject == "ambient" or (namespace in project.namespaces and project.namespaces[namespace].render)
        for _, _, namespace, inject, waypoint in moved_places(part.change, part.records, "mesh")
    )


def _worlds(part: Part, hosts: Sequence[Sequence[str]]) -> tuple[World, ...]:
    """What is rendered of the services, cluster by cluster; `hosts` are those that are absent in each."""
    compilation = part.compilation
    made: list[World] = []
    for target, absent in zip(compilation.targets, hosts, strict=True):
        files = (file for _, file in sorted(part.rendered[target], key=lambda each: each[0]))
        manifests = tuple(manifest for file in files for manifest in rendered_manifests(compilation, file))
        context = compilation.renderings[target].context
        facts = replace(context.facts, absent_hosts=frozenset(absent))
        siblings = tuple(each for each in made if each.environment == target.environment)
        made.append(World(manifests, facts, target.environment, target.cluster, siblings=siblings))
    return tuple(made)


def suppresses_anew(change: Change) -> bool:
    """Whether anything is suppressed for the first time, or there is something that may not be kept."""
    if hang_on_the_day(change.worlds):
        return True
    if change.last.known["names"] is not None:
        return False
    marked = marked_files(change.part.compilation.services.sources)
    return bool(marked) or carries_suppressions(change.worlds)
