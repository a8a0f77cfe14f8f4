"""The proof: a draft is compiled before anything is written, and compared with its origin, object by object and by traffic."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from sailwright.commands.diff.traffic import TrafficChange, traffic_changes
from sailwright.commands.edit.adopt.comparison import Comparison, compare
from sailwright.commands.edit.adopt.inventory import Key, key_of, namespace_of
from sailwright.commands.edit.adopt.routing import full
from sailwright.commands.edit.adopt.routing_meaning import OnlyPorts
from sailwright.diagnostics.finding import Finding
from sailwright.mesh.world import World
from sailwright.runtime.cache import Cache
from sailwright.runtime.errors import Failure
from sailwright.runtime.records import dataclass, replace
from sailwright.source.files.checkout import Checkout
from sailwright.source.manifest import Manifest
from sailwright.source.untyped import items, mapping, number
from sailwright.workspace.compile import InvalidProject, compile_project
from sailwright.workspace.parallel import render_alone
from sailwright.workspace.worlds import build_worlds


@dataclass(frozen=True, slots=True)
class Compiled:
    """What a repository with the drafts in it renders: the world of its first cluster, and what is wrong with it."""

    world: World
    objects: Mapping[Key, Manifest]
    findings: tuple[Finding, ...]


def compile_drafts(checkout: Checkout, cache: Cache) -> Compiled:
    """Compile the project of a checkout, the drafts in it included. Raises Failure where its project file is at fault."""
    compilation = compile_project(checkout, cache, injecting=False)
    if isinstance(compilation, InvalidProject):
        first = compilation.findings[0]
        raise Failure(f"{first.location.file}:{first.location.line}: {first.message}: correct it, then adopt again")
    worlds = build_worlds(render_alone(compilation))
    errors = [finding for finding in worlds.findings if finding.severity == "error"]
    world = worlds.worlds[0]
    rendered = {key_of(manifest): manifest for manifest in world.manifests if manifest.origin is not None}
    return Compiled(world, rendered, tuple(dict.fromkeys(errors)))


def compared(origins: Iterable[Manifest], compiled: Compiled, ports: OnlyPorts) -> dict[Key, Comparison]:
    """Each object with what is rendered in its place. One that is not rendered at all is different."""
    result: dict[Key, Comparison] = {}
    for origin in origins:
        rendered = compiled.objects.get(key_of(origin))
        if rendered is None:
            result[key_of(origin)] = Comparison(different=["nothing is rendered in its place"])
        else:
            result[key_of(origin)] = compare(origin.value, rendered.value, ports)
    return result


def only_ports(manifests: Iterable[Manifest]) -> dict[str, int]:
    """The port of each Kubernetes Service that has one alone, by its host as `full` gives it."""
    result = {}
    for manifest in manifests:
        if (manifest.api_version, manifest.kind) == ("v1", "Service"):
            listed = items(manifest.spec.get("ports"))
            if len(listed) == 1:
                result[full(manifest.name, namespace_of(manifest))] = number(mapping(listed[0]).get("port"))
    return result


def moved(origins: Sequence[Manifest], compiled: Compiled, earlier: World | None = None) -> tuple[TrafficChange, ...]:
    """The requests that take another way once the drafts stand in for their origins.

    `earlier` is the project's world before, where there is one.
    """
    before, after = _sides(origins, compiled, earlier)
    return traffic_changes(before, after)


def flipped(
    origins: Sequence[Manifest], compiled: Compiled, earlier: World | None = None
) -> list[tuple[Manifest, str]]:
    """The workloads that get a sidecar, or lose theirs."""
    before, after = _sides(origins, compiled, earlier)
    known = {key_of(manifest): manifest for manifest in origins}
    old = {key_of(workload.manifest): before.index.injected(workload) for workload in before.index.workloads}
    result = []
    for workload in after.index.workloads:
        key = key_of(workload.manifest)
        if key in known and key in old and old[key] != (now := after.index.injected(workload)):
            words = {True: "has a sidecar", False: "has none", None: "is decided by its namespace"}
            result.append((known[key], f"injection: it {words[old[key]]} today, and {words[now]} then"))
    return result


def _sides(origins: Sequence[Manifest], compiled: Compiled, earlier: World | None) -> tuple[World, World]:
    keys = {key_of(manifest) for manifest in origins}
    after = compiled.world
    kept = tuple(one for one in after.manifests if one.origin is not None or key_of(one) not in compiled.objects)
    before = tuple(one for one in (earlier.manifests if earlier else ()) if key_of(one) not in keys)
    return replace(after, manifests=(*before, *origins)), replace(after, manifests=kept)
