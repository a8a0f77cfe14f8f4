"""The proof: a draft is compiled before anything is written, and compared with its origin, object by object and by traffic."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from sailwright.commands.diff.calls import call_changes
from sailwright.commands.diff.traffic import TrafficChange, traffic_changes
from sailwright.commands.edit.adopt.comparison import Comparison, compare, merged
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
class Cluster:
    """What one cluster sees of a compiled repository, and its rendered objects."""

    world: World
    objects: Mapping[Key, Manifest]

    @property
    def title(self) -> str:
        """ENVIRONMENT or ENVIRONMENT/CLUSTER; empty where none is declared."""
        return "/".join(filter(None, (self.world.environment, self.world.cluster)))


@dataclass(frozen=True, slots=True)
class Compiled:
    """What a repository with the drafts in it renders in each of its clusters, and what is wrong with it."""

    clusters: tuple[Cluster, ...]
    findings: tuple[Finding, ...]

    @property
    def world(self) -> World:
        """The world of the first cluster."""
        return self.clusters[0].world


def compile_drafts(checkout: Checkout, cache: Cache) -> Compiled:
    """Compile the project of a checkout, the drafts in it included. Raises Failure where its project file is at fault."""
    compilation = compile_project(checkout, cache, injecting=False)
    if isinstance(compilation, InvalidProject):
        first = compilation.findings[0]
        raise Failure(f"{first.location.file}:{first.location.line}: {first.message}: correct it, then adopt again")
    worlds = build_worlds(render_alone(compilation))
    errors = [finding for finding in worlds.findings if finding.severity == "error"]
    return Compiled(tuple(map(_cluster, worlds.worlds)), tuple(dict.fromkeys(errors)))


def _cluster(world: World) -> Cluster:
    return Cluster(world, {key_of(manifest): manifest for manifest in world.manifests if manifest.origin is not None})


def compared(origins: Iterable[Manifest], compiled: Compiled, ports: OnlyPorts) -> dict[Key, Comparison]:
    """Each object with what is rendered in its place, in every cluster. One that is not rendered at all is different."""
    result: dict[Key, Comparison] = {}
    for origin in origins:
        by_cluster = {}
        for cluster in compiled.clusters:
            rendered = cluster.objects.get(key_of(origin))
            by_cluster[cluster.title] = (
                Comparison(different=["nothing is rendered in its place"])
                if rendered is None
                else compare(origin.value, rendered.value, ports, cluster.world.facts.cluster_domain)
            )
        result[key_of(origin)] = merged(by_cluster)
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


def moved(origins: Sequence[Manifest], compiled: Compiled, earlier: Sequence[World] = ()) -> tuple[TrafficChange, ...]:
    """The requests that take another way, or get another answer, once the drafts stand in for their origins.

    Asked are every cluster, callers of every kind and every class of request. `earlier` is what each cluster of the project
    has before, where there is one. Nothing is asked of gateways that no file describes: their objects stay what they are.
    """
    result: dict[TrafficChange, None] = {}
    for before, after in _sides(origins, compiled, earlier):
        changes = (*traffic_changes(before, after), *call_changes(before, after))
        result |= dict.fromkeys(each for each in changes if each.known)
    return tuple(result)


def flipped(
    origins: Sequence[Manifest], compiled: Compiled, earlier: Sequence[World] = ()
) -> list[tuple[Manifest, str]]:
    """The workloads that get a sidecar, or lose theirs, in any cluster."""
    known = {key_of(manifest): manifest for manifest in origins}
    words = {True: "has a sidecar", False: "has none", None: "is decided by its namespace"}
    result: dict[Key, tuple[Manifest, str]] = {}
    for before, after in _sides(origins, compiled, earlier):
        old = {key_of(workload.manifest): before.index.injected(workload) for workload in before.index.workloads}
        for workload in after.index.workloads:
            key = key_of(workload.manifest)
            if key in known and key in old and old[key] != (now := after.index.injected(workload)):
                line = f"injection: it {words[old[key]]} today, and {words[now]} then"
                result.setdefault(key, (known[key], line))
    return list(result.values())


def _sides(origins: Sequence[Manifest], compiled: Compiled, earlier: Sequence[World]) -> Iterator[tuple[World, World]]:
    """Each cluster before and after: its origins among what else it has, and what is rendered in their place.

    What no draft has, a Gateway or a service that is refused, stays where it is.
    """
    keys = {key_of(manifest) for manifest in origins}
    for at, cluster in enumerate(compiled.clusters):
        after = cluster.world
        kept = tuple(one for one in after.manifests if one.origin is not None or key_of(one) not in cluster.objects)
        there = earlier[at].manifests if at < len(earlier) else ()
        before = tuple(one for one in there if key_of(one) not in keys)
        there_then = {key_of(one) for one in kept}
        stay = tuple(one for one in origins if key_of(one) not in there_then)
        yield replace(after, manifests=(*before, *origins)), replace(after, manifests=(*kept, *stay))
