"""One environment before and after an upgrade of its control plane: what the table of changes and the injector say of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from sailwright.commands.upgrade_check.report import MESH, Entry, Owner, SidecarChange
from sailwright.commands.upgrade_check.sidecars import Injectors, compare_sidecars, injected_by
from sailwright.mesh.queries.release_uses import Affected, affected
from sailwright.mesh.values.release_changes import changes_between
from sailwright.mesh.values.releases import Numbers, Release, dotted, newer_minor, release_numbers
from sailwright.project.istio import resolved
from sailwright.project.service.resolve import Target
from sailwright.render.injection_settings import SettingsArguments, settings_arguments
from sailwright.runtime.records import dataclass, replace

if TYPE_CHECKING:
    from sailwright.diagnostics.finding import Location
    from sailwright.mesh.world import World
    from sailwright.project.model import Project
    from sailwright.project.service.model import Service
    from sailwright.source.manifest import Manifest
    from sailwright.workspace.selection import CompiledWorld


@dataclass(frozen=True, slots=True)
class Upgrade:
    """The upgrade of one environment: its control planes run `before` today, and `to` afterwards."""

    compiled: CompiledWorld
    project: Project | None
    before: Numbers
    to: Release

    @property
    def world(self) -> World:
        """The environment as it is."""
        return self.compiled.world

    @property
    def services(self) -> Mapping[str, Service]:
        """The services that are rendered there, by file."""
        return {service.file: service for service in self.compiled.services}

    def owner(self, manifest: Manifest) -> Owner:
        """Whom an object belongs to."""
        file = manifest.locate(()).location.file
        service = self.services.get(file)
        if service is not None:
            return Owner(service.key, file)
        title = "/".join(part for part in (manifest.namespace, manifest.name) if part)
        return Owner(f"{manifest.kind} {title}", file) if manifest.kind else Owner(MESH)


def environment_name(world: World) -> str:
    """What a report calls an environment, or a cluster of one; empty where none is declared."""
    return "/".join(part for part in (world.environment, world.cluster) if part)


def planes_of(world: World, project: Project | None) -> tuple[Numbers, ...]:
    """The releases of the control planes of an environment; without any the one that is baked, which cannot be newer."""
    declared = world.facts.control_planes.values() or (
        [world.facts.istio_version] if project is None or world.declared("istio", "version") else []
    )
    return tuple(filter(None, map(release_numbers, declared)))


def upgraded(world: World, to: Release) -> World:
    """The same objects under control planes of the new release, whose sidecars are of it too."""
    facts = world.facts
    planes = dict.fromkeys(facts.control_planes or (facts.revision,), str(to))
    return replace(world, facts=replace(facts, control_planes=planes, istio_version=str(to)))


def as_running(world: World, before: Numbers) -> World:
    """The same objects under control planes of the release that runs there today, sidecars included."""
    facts = world.facts
    release = dotted((*before, 0)[:3])
    planes = dict.fromkeys(facts.control_planes or (facts.revision,), release)
    return replace(world, facts=replace(facts, control_planes=planes, istio_version=release))


def table_entries(upgrade: Upgrade) -> Iterator[tuple[Owner, Entry]]:
    """What the table of changes says of the objects and settings of an environment."""
    for change in changes_between(upgrade.before[:2], (upgrade.to.major, upgrade.to.minor)):
        entry = Entry(change.id, change.change, change.severity, change.what, change.do, change.source)
        if not change.uses:
            yield Owner(MESH), entry
        places: dict[Owner, list[Location]] = {}
        for found in affected(change, upgrade.world):
            owner = upgrade.owner(found.manifest) if found.manifest else Owner(MESH)
            places.setdefault(owner, []).extend(_place(upgrade, found))
        for owner, locations in places.items():
            yield owner, replace(entry, places=tuple(dict.fromkeys(locations)))


def _place(upgrade: Upgrade, found: Affected) -> tuple[Location, ...]:
    if found.manifest is not None:
        return (found.manifest.locate(found.path, key=found.key).location,)
    return _in_project(upgrade, found.path)


def _in_project(upgrade: Upgrade, path: tuple[str | int, ...]) -> tuple[Location, ...]:
    """Where sailwright.yaml says something below `istio:`, or names the file that does."""
    project = upgrade.world.project
    keys = list(map(str, path))
    while project is not None and keys:
        declared = upgrade.world.declared("istio", *keys)
        if declared is not None:
            return (project.locate(declared, key=True).location,)
        keys.pop()
    return ()


def skew_entries(upgrade: Upgrade) -> Iterator[tuple[Owner, Entry]]:
    """The services whose sidecars would be further behind the control plane than Istio supports."""
    for service in upgrade.compiled.services:
        release = baked_release(upgrade, service)
        if not release or (upgrade.to.major, upgrade.to.minor - 1) <= release[:2]:
            continue
        oldest = f"{upgrade.to.major}.{upgrade.to.minor - 1}"
        what = f"its sidecar {dotted(release)} would be more than one minor behind the control plane"
        own = service.mesh.istio.get("version")
        at = (service.written(("mesh", "istio", "version")).location(),) if own else _in_project(upgrade, ("version",))
        entry = Entry("proxy-version-skew", "skew", "error", what, f"build it with {oldest} first", places=at)
        yield Owner(service.key, service.file), entry


def baked_release(upgrade: Upgrade, service: Service) -> Numbers:
    """The release of the sidecar that a build renders for a service; empty where it renders none, or the project names none."""
    pods = not service.external and not service.workload.external
    if upgrade.project is None or not pods or service.mesh.inject != "build":
        return ()
    return release_numbers(
        upgrade.project.istio_for(Target(service.environment, service.cluster), service=service).version or ""
    )


def sidecar_changes(upgrade: Upgrade, injectors: Injectors) -> Iterator[tuple[Owner, SidecarChange | Entry]]:
    """How the sidecars differ under the new release, and the pods that its injector refuses. None are known of newer minors."""
    if newer_minor(upgrade.to):
        return
    for workload in upgrade.world.index.workloads:
        owner = upgrade.owner(workload.manifest)
        service = upgrade.services.get(owner.file)
        by = injected_by(workload, upgrade.world, service.mesh.inject if service else None)
        if not by:
            continue
        release = baked_release(upgrade, service) if service and by == "build" else upgrade.before
        place = _settings(upgrade, service, workload.namespace)
        before = injectors.of(place, dotted((release or upgrade.before)[:3]))
        after = injectors.of(place, str(upgrade.to))
        compared = compare_sidecars(workload, before, after, workload.namespace)
        for path, reason in compared.refused:
            at = (workload.manifest.locate(path).location,)
            do = "correct it before the upgrade: its pods would get no sidecar, or not be created"
            yield owner, Entry("injection-refused", "refused", "error", reason, do, places=at)
        for change in _retired_images(upgrade, compared.images):
            yield owner, change
        if before.release != after.release and not compared.refused:
            yield owner, SidecarChange(str(before.release), str(after.release), by, compared.lines)


def _retired_images(upgrade: Upgrade, images: Sequence[str]) -> Iterator[Entry]:
    """Changes about the registries that the sidecars of today come from; the next build takes them from elsewhere."""
    for change in changes_between(upgrade.before[:2], (upgrade.to.major, upgrade.to.minor)):
        prefixes = tuple(use.name for use in change.uses if use.matcher == "image")
        found = [image for image in images if prefixes and image.startswith(prefixes)]
        if found:
            what = f"{change.what}: its sidecar of today is {found[0]}"
            do = "build it with the new release, or set `global.hub` in istio.values, before its pods start on a node without the image"
            yield Entry(change.id, change.change, "warning", what, do, change.source)


def _settings(upgrade: Upgrade, service: Service | None, namespace: str) -> SettingsArguments:
    """What the project says of injection in one place; without a project only the mesh's own configuration is known."""
    world = upgrade.world
    if upgrade.project is not None:
        target = Target(world.environment, world.cluster)
        return settings_arguments(upgrade.project.istio_for(target, namespace, service))
    facts = world.facts
    return settings_arguments(resolved([{"meshConfig": dict(facts.mesh_config), "sidecarMode": facts.sidecar_mode}]))
