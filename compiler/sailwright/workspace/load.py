"""The worlds that a command line asks about: those of the project, or what the named files make up by themselves."""

from __future__ import annotations

import os
from collections.abc import Sequence

from sailwright.diagnostics.finding import Finding
from sailwright.mesh.facts import NEWEST_ISTIO, Facts
from sailwright.mesh.objects.mesh_config import read_mesh_config
from sailwright.mesh.values.releases import parse_release
from sailwright.mesh.world import World
from sailwright.project import find_project
from sailwright.project.service import Service
from sailwright.render.layout import OURS
from sailwright.runtime.cache import Cache
from sailwright.runtime.errors import Failure
from sailwright.runtime.records import dataclass, replace
from sailwright.source import Source
from sailwright.source.files.checkout import Checkout, Disk
from sailwright.source.files.files import Inputs, collect
from sailwright.source.manifest import manifests
from sailwright.workspace.compile import Unread, compile_project
from sailwright.workspace.standalone_files import is_service, loose_world
from sailwright.workspace.worlds import worlds_of


@dataclass(frozen=True, slots=True)
class Asked:
    """The flags that say which worlds are meant. A MeshConfig of its own means that no project file is read."""

    environments: tuple[str, ...] = ()
    clusters: tuple[str, ...] = ()
    mesh_config_file: str | None = None
    istio_version: str | None = None
    project: str | None = None


@dataclass(frozen=True, slots=True)
class Sight:
    """One world, with the services that were compiled into it."""

    world: World
    services: tuple[Service, ...] = ()


@dataclass(frozen=True, slots=True)
class Sights:
    """The worlds that are meant, the files they come from, and what is wrong with those. Files are named as seen from `root`."""

    sights: tuple[Sight, ...]
    sources: tuple[Source, ...]
    findings: tuple[Finding, ...]
    root: str = "."

    def only(self) -> Sight:
        """The one world, for questions about one. Raises Failure where there are none or several, or a file is at fault."""
        errors = [finding for finding in self.findings if finding.severity == "error"]
        if errors:
            place = errors[0].location
            more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
            raise Failure(f"{place.file}:{place.line}: {errors[0].message}: correct it, then ask again{more}")
        if len(self.sights) > 1:
            worlds = [sight.world for sight in self.sights]
            names = [
                f"--env {world.environment}" + (f" --cluster {world.cluster}" if world.cluster else "")
                for world in worlds
            ]
            raise Failure(f"the project has several worlds: choose one with {', '.join(names[:4])}")
        if not any(sight.world.manifests for sight in self.sights):
            raise Failure("the input holds no objects: name files or folders, or `-` for standard input")
        return self.sights[0]


def sights(paths: Sequence[str], asked: Asked, cache: Cache) -> Sights:
    """The worlds that PATHS and flags mean.

    In a project, no PATHS or service files of it among them mean the project, with the manifests that are named beside it.
    Other files are a world of their own.
    """
    root = None if asked.mesh_config_file else find_project(asked.project)
    inputs = collect(paths or ([] if root is not None else ["."]))
    if root is not None and (not paths or any(is_service(source) for source in inputs.sources)):
        found = _versioned(_compiled(Disk(root), asked, cache), asked)
        own = {os.path.realpath(os.path.join(root, source.path)) for source in found.sources}
        if not paths or not found.sights or any(os.path.realpath(source.path) in own for source in inputs.sources):
            return _with_beside(
                found, [source for source in inputs.sources if os.path.realpath(source.path) not in own]
            )
    return _by_themselves(inputs, asked, cache)


def _with_beside(found: Sights, others: Sequence[Source]) -> Sights:
    """The project's worlds with manifests that are not its own; what it rendered itself is never context."""
    beside = [source for source in others if not is_service(source) and not source.data.startswith(OURS)]
    if not beside:
        return found
    written = tuple(manifest for source in beside for manifest in manifests(source))
    problems = tuple(problem for source in beside for problem in source.problems)
    widened = (
        replace(sight, world=replace(sight.world, manifests=sight.world.manifests + written)) for sight in found.sights
    )
    return replace(
        found, sights=tuple(widened), sources=(*found.sources, *beside), findings=(*found.findings, *problems)
    )


def _compiled(checkout: Checkout, asked: Asked, cache: Cache) -> Sights:
    compiled = compile_project(checkout, cache, asked.environments, asked.clusters, injecting=False)
    if isinstance(compiled, Unread):
        return Sights((), compiled.sources, compiled.findings, checkout.root)
    found = worlds_of(compiled)
    sides = zip(found.worlds, compiled.targets, strict=True)
    seen = tuple(Sight(world, found.services[target]) for world, target in sides)
    return Sights(seen, found.sources, found.findings, checkout.root)


def _versioned(found: Sights, asked: Asked) -> Sights:
    if asked.istio_version is None:
        return found
    version = str(parse_release(asked.istio_version))
    changed = (
        replace(sight, world=replace(sight.world, facts=replace(sight.world.facts, istio_version=version)))
        for sight in found.sights
    )
    return replace(found, sights=tuple(changed))


def _by_themselves(inputs: Inputs, asked: Asked, cache: Cache) -> Sights:
    """What the files make up without a project."""
    if asked.environments or asked.clusters:
        raise Failure("--env and --cluster choose among those of sailwright.yaml, and no project file is read here")
    facts = Facts(
        istio_version=str(parse_release(asked.istio_version or NEWEST_ISTIO)),
        mesh_config=read_mesh_config(asked.mesh_config_file) if asked.mesh_config_file else {},
    )
    found = loose_world(inputs.sources, facts, cache, injecting=False)
    problems = (problem for source in inputs.sources for problem in source.problems)
    findings = tuple(dict.fromkeys((*found.findings, *problems)))
    return Sights((Sight(found.world, found.services),), inputs.sources, findings)
