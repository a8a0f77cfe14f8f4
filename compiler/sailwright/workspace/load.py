"""The one way in: from PATHS, flags and the project to compiled worlds, selected files, findings and skipped files.

Every command loads here, so the same PATHS mean the same thing to all of them. Each file that PATHS name is one of three:

    the project's own    sailwright.yaml, service files, what they include, and hand-written manifests that `manifests:` lists
    extra                a manifest that the project does not list, seen in its worlds in the place of an object of the same name
    skipped              with a reason: a service file that `services:` does not name, a rendered file that is not named itself

Without a project, files make up one world by themselves.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from sailwright.diagnostics.finding import Skipped
from sailwright.mesh.facts import NEWEST_ISTIO, Facts
from sailwright.mesh.world import World
from sailwright.runtime.errors import Failure
from sailwright.runtime.records import replace
from sailwright.source.files.files import PROJECT_FILE, collect, named, standard_input
from sailwright.source.manifest import manifests, not_objects
from sailwright.source.source import Source
from sailwright.workspace.selection import CompiledWorld, Selection, Workspace, WorldSet

if TYPE_CHECKING:
    from sailwright.source.files.checkout import Checkout
    from sailwright.workspace.built_text import Build
    from sailwright.workspace.compile import InvalidProject, LoadedProject


def load(selection: Selection) -> Workspace:
    """Load what is selected. A MeshConfig of its own and --compat mean that no project file is read.

    Raises Failure for a path, project, environment, cluster or release that is not there.
    """
    if selection.build is not None:
        return _built(selection, selection.build)
    from sailwright.source.files.discovery import find_project

    standalone = selection.compat or selection.mesh_config_file is not None
    root = None if standalone else find_project(selection.project)
    return _standalone(selection) if root is None else _in_project(selection, root)


def _standalone(selection: Selection) -> Workspace:
    """Files without a project: what is applied together is one world."""
    if selection.environments or selection.clusters:
        flag = f"--env {selection.environments[0]}" if selection.environments else f"--cluster {selection.clusters[0]}"
        raise Failure(f"{flag}: no {PROJECT_FILE} is read here that declares environments and clusters")
    stdin = selection.stdin_filename or _STDIN[selection.context]
    inputs = collect(selection.paths or (".",), stdin_name=stdin, as_written=selection.compat)
    facts = standalone_facts(selection)
    skipped = (*inputs.skipped, *skipped_documents(inputs.sources))
    if any(source.dialect == "service" for source in inputs.sources):
        from sailwright.workspace.standalone_files import standalone_world

        alone = standalone_world(inputs.sources, facts, selection.cache, injecting=selection.injecting)
        return Workspace((CompiledWorld(alone.world, alone.services),), inputs.sources, alone.findings, skipped)
    if not selection.compat:
        from sailwright.workspace.alternatives import grouped
        from sailwright.workspace.applied_together import units

        found = units(inputs.sources, selection.namespace, inputs.real_paths)
        groups = grouped(found, facts, each_apart=selection.context == "mesh")
        doubts = tuple(f"{os.path.relpath(each.folder)}: {reason}" for each in found for reason in each.unknown)
        worlds = tuple(CompiledWorld(world) for world in groups.worlds)
        return Workspace(
            worlds, inputs.sources, (), skipped, groups=groups.lines, as_project=groups.project, doubts=doubts
        )
    world = World(tuple(found for source in inputs.sources for found in manifests(source)), facts)
    return Workspace((CompiledWorld(world),), inputs.sources, (), skipped)


def _built(selection: Selection, build: Build) -> Workspace:
    """What another program renders, as one world."""
    from sailwright.workspace.applied_together import in_namespace
    from sailwright.workspace.built_text import built

    found = built(build)
    objects = list(found.manifests)
    if selection.namespace is not None:
        objects = [in_namespace(each, selection.namespace) for each in objects]
    world = World(tuple(objects), standalone_facts(selection))
    return Workspace(
        (CompiledWorld(world),), found.sources, (), tuple(skipped_documents(found.sources)), charts=found.charts
    )


_STDIN = {"project": "<stdin>", "own": "-", "mesh": "-"}
"""What standard input is called in reports."""


def standalone_facts(selection: Selection) -> Facts:
    """What the flags say of the mesh where no project says it."""
    mesh_config = {}
    if selection.mesh_config_file:
        from sailwright.mesh.objects.mesh_config import read_mesh_config

        mesh_config = read_mesh_config(selection.mesh_config_file)
    version = _release(selection.istio_version) if selection.istio_version else NEWEST_ISTIO
    return Facts(istio_version=version, mesh_config=mesh_config, compat=selection.compat)


def _in_project(selection: Selection, root: str) -> Workspace:
    """A project, and the selected files: its own, and extra ones."""
    from sailwright.workspace.compile import InvalidProject, load_project
    from sailwright.workspace.extra_files import extra_files, extra_world

    skipped: list[Skipped] = []
    names = named(selection.paths, skipped)
    checkout = _checkout(selection, names, root)
    loaded = load_project(checkout, selection.environments, selection.clusters, selection.trusted)
    if isinstance(loaded, InvalidProject):
        return _invalid(selection, names, loaded, root)
    wanted = [_named_in_project(name, selection, root) for name in names]
    if selection.context == "mesh" and wanted and not _any_own(loaded, wanted):
        return _standalone(selection)
    whole = _project(loaded, selection, root, outside=bool(wanted) and all(map(_is_outside, wanted)))
    if not selection.paths:
        return _counted(whole, loaded)
    own = {source.path: source for source in whole.sources}
    others = [name for name in wanted if name not in own]
    parts = _parts(others, root)
    skipped += parts
    others = [name for name in others if name not in {each.file for each in parts}]
    extra = extra_files(others, selection, checkout, loaded.project.output.path, skipped)
    sources = (*(own[name] for name in wanted if name in own), *extra)
    output = loaded.project.output.path
    return replace(
        whole,
        sources=sources,
        extra_files=extra,
        extra_worlds=tuple(extra_world(each.world, extra, output) for each in whole.worlds) if extra else (),
        skipped=(*skipped, *skipped_documents(sources)),
        covers_project=own.keys() <= set(wanted),
    )


def _parts(names: Iterable[str], root: str) -> list[Skipped]:
    """The files that a kustomization names as patches, as the project calls them."""
    from sailwright.source.kustomize import Kustomizations

    known = Kustomizations()
    found = ((name, known.why_a_part(os.path.join(root, name))) for name in names if name != "-")
    return [Skipped(name, reason) for name, reason in found if reason]


def _invalid(selection: Selection, names: Sequence[str], invalid: InvalidProject, root: str) -> Workspace:
    """A sailwright.yaml that cannot be read; files that are a mesh of their own do without."""
    if selection.context == "mesh" and names and "-" not in names:
        from sailwright.workspace.standalone_files import is_service

        if not any(is_service(source) for source in collect(names).sources):
            return _standalone(selection)
    return Workspace((), invalid.sources, invalid.findings, root=root, project_invalid=True)


def _project(loaded: LoadedProject, selection: Selection, root: str, *, outside: bool) -> Workspace:
    """Everything a project has: its worlds, its service files and hand-written manifests, and sailwright.yaml."""
    project, document = loaded.project, loaded.project.document
    if outside and selection.context == "own":
        return Workspace((), (document.source,), project=project, root=root)
    from sailwright.runtime.process_pool import processors
    from sailwright.workspace.worlds import load_worlds

    found = load_worlds(
        loaded,
        selection.cache,
        selection.jobs or processors(),
        selection.workers if selection.trusted is None else None,
        injecting=selection.injecting,
        reusing=selection.reusing,
        sending=selection.sending or selection.workers is not None,
    )
    return _of_worlds(found, selection, root)


def _of_worlds(found: WorldSet, selection: Selection, root: str) -> Workspace:
    project = found.project
    own = {source.path: source for source in (*found.sources, project.document.source)}
    worlds = _as_release(found.compiled_worlds, selection.istio_version)
    return Workspace(worlds, tuple(own.values()), found.findings, (), project, root, compiled=found)


def project_workspace(loaded: LoadedProject, found: WorldSet, selection: Selection, root: str) -> Workspace:
    """A whole project of which the worlds are there already."""
    return _counted(_of_worlds(found, selection, root), loaded)


def _counted(whole: Workspace, loaded: LoadedProject) -> Workspace:
    """With every file of the project that is not judged, and why."""
    from sailwright.workspace.extra_files import unlisted_services

    return replace(whole, skipped=(*unlisted_services(loaded.project), *skipped_documents(whole.sources)))


def _named_in_project(name: str, selection: Selection, root: str) -> str:
    """A file as the project calls it. Standard input without a name is no file of it."""
    from sailwright.workspace.extra_files import below

    if name == "-" and selection.stdin_filename is None:
        return name
    return below(selection.stdin_filename or name if name == "-" else name, root)


def _is_outside(name: str) -> bool:
    return name == "-" or name.startswith("../")


def _any_own(loaded: LoadedProject, names: Sequence[str]) -> bool:
    """Whether one of these files is the project's, as its patterns say."""
    from sailwright.project.services import service_files
    from sailwright.workspace.worlds import manifest_files

    project = loaded.project
    own = {PROJECT_FILE, *service_files(project)}
    own |= {path for target in project.targets for path in manifest_files(project, target)}
    return not own.isdisjoint(names)


def _checkout(selection: Selection, names: Sequence[str], root: str) -> Checkout:
    """The project's files, one of them perhaps as an editor has it."""
    from sailwright.source.files.checkout import Disk, Edited
    from sailwright.source.files.recorded import Recorded

    if "-" not in names or (selection.stdin_filename is None and selection.context != "project"):
        return Recorded(Disk(root)) if selection.recording else Disk(root)
    if selection.stdin_filename is None:
        raise Failure("`-` inside a project needs --stdin-filename FILE: which file of it is that?")
    from sailwright.workspace.extra_files import below

    return Edited(Disk(root), below(selection.stdin_filename, root), standard_input())


def skipped_documents(sources: Iterable[Source]) -> list[Skipped]:
    """The documents of manifests that are no objects of the cluster, each with the reason."""
    return [skipped for source in sources if source.dialect == "manifest" for skipped in not_objects(source)]


def _as_release(worlds: tuple[CompiledWorld, ...], release: str | None) -> tuple[CompiledWorld, ...]:
    """The worlds as an Istio release that a flag names sees them, each beside its siblings as that one does."""
    if not release:
        return worlds
    made: dict[int, World] = {}
    for each in worlds:
        facts = replace(each.world.facts, istio_version=_release(release))
        siblings = tuple(made[id(sibling)] for sibling in each.world.siblings)
        made[id(each.world)] = replace(each.world, facts=facts, siblings=siblings)
    return tuple(replace(each, world=made[id(each.world)]) for each in worlds)


def _release(text: str) -> str:
    from sailwright.mesh.values.releases import parse_release

    return str(parse_release(text))
