"""What is known of the mesh of a base, kept between runs beside what is rendered of it (see `workspace.kept_commit`), by the id of its
tree: who calls whom, and what answers hang on that nothing links to a service.
"""

from __future__ import annotations

import marshal
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sailwright.commands.diff.call_graph import CallGraph, CallGraphs, Declared
from sailwright.commands.linked.around import State, states_of
from sailwright.lint.settings import ANNOTATION
from sailwright.runtime.records import dataclass
from sailwright.runtime.store import Store, open_store
from sailwright.source.files.checkout import Commit
from sailwright.workspace.program import program
from sailwright.workspace.service_rows import name_of
from sailwright.workspace.worlds import manifest_files

if TYPE_CHECKING:
    from sailwright.commands.diff.missing_hosts import ServiceFiles
    from sailwright.mesh.pilot.sidecar_scope import Caller
    from sailwright.project.service.resolve import Target
    from sailwright.runtime.cache import Cache
    from sailwright.workspace.selection import WorldSet

_KIND = "call graphs"


@dataclass(frozen=True, slots=True)
class KeptGraphs:
    """A base in which nothing is wrong.

    `manifests` has of each hand-written file its digest and why it is none of the cluster's, where that is so; `annotated` says whether
    an object has an annotation that suppresses rules. `plain` is the `plain_caller` of each cluster, and `divisible` says whether all
    clusters are (see `divisible`). `files` are the service files of each cluster, as `missing_hosts` asks for them. Graphs that are not `complete`
    have no dependents: the part of the mesh that matters is asked for these. `around` tells apart what was read besides services and
    files by hand, where that is known, and `tree` is the id of the base's tree.
    """

    graphs: CallGraphs
    manifests: Mapping[str, State]
    annotated: bool
    plain: Sequence[Caller | None]
    divisible: bool
    files: Sequence[ServiceFiles]
    complete: bool
    around: bytes = b""
    tree: str = ""


def keep_graphs(base: WorldSet, graphs: CallGraphs, commit: Commit, cache: Cache) -> bool:
    """Keep what is known of a base in the place of the last one; whether it is `divisible`."""
    from sailwright.commands.diff.compared_callers import plain_caller
    from sailwright.commands.diff.divisible import divisible
    from sailwright.commands.diff.missing_hosts import service_files
    from sailwright.commands.lint.units import rendered_from_services

    targets = base.rendered.compilation.targets
    sources, services = {source.path: source for source in base.sources}, rendered_from_services(base)
    manifests = {path for target in targets for path in manifest_files(base.project, target)}
    known = KeptGraphs(
        graphs,
        states_of({path: sources[path] for path in manifests}),
        any(ANNOTATION in each.annotations for world in base.worlds for each in world.manifests),
        [world.index.derived(plain_caller) for world in base.worlds],
        all(divisible(world, services) for world in base.worlds),
        [service_files(world.index, services) for world in base.worlds],
        complete=True,
    )
    keep_known(known, targets, commit, cache)
    return known.divisible


def keep_known(known: KeptGraphs, targets: Iterable[Target], commit: Commit, cache: Cache) -> None:
    """The same where it is known already."""
    store = open_store(cache, commit.root)
    if store.path is None:
        return
    plain = {
        "program": program(store),
        "tree": commit.tree,
        "graphs": {sight: _plain(graph) for sight, graph in known.graphs.items()},
        "manifests": dict(known.manifests),
        "annotated": known.annotated,
        "plain": [_plain_caller(each) for each in known.plain],
        "divisible": known.divisible,
        "files": [_plain_files(each) for each in known.files],
        "complete": known.complete,
        "around": known.around,
    }
    store.keep(_KIND, name_of(targets), marshal.dumps(plain))


def kept_graphs(targets: Iterable[Target], commit: Commit, cache: Cache) -> KeptGraphs | None:
    """What is known of a base for these clusters; None where that is another one, or of another program."""
    found = last_graphs(open_store(cache, commit.root), name_of(targets))
    return found if found is not None and found.tree == commit.tree else None


def last_graphs(store: Store, name: str) -> KeptGraphs | None:
    """What is known of whatever base was last; None where that is of another program. `name` is that of the clusters."""
    known = store.load_mapping(_KIND, name)
    if known.get("program") != program(store):
        return None
    graphs = {sight: _graph(*plain) for sight, plain in known["graphs"].items()}
    plain = [each and _caller(*each) for each in known["plain"]]
    more = known["annotated"], plain, known["divisible"], [_files(*each) for each in known["files"]]
    last = known["complete"], known["around"], known["tree"]
    return KeptGraphs(graphs, known["manifests"], *more, *last)


def _plain_files(files: ServiceFiles) -> tuple[Any, ...]:
    by_port = {number: (users.web, users.others, users.complete) for number, users in files.by_port.items()}
    return by_port, files.several


def _files(by_port: Mapping[int, Any], several: tuple[str, ...] | None) -> ServiceFiles:
    from sailwright.commands.diff.missing_hosts import PortUsers, ServiceFiles

    return ServiceFiles({number: PortUsers(*users) for number, users in by_port.items()}, several)


def _caller(namespace: str, labels: tuple[tuple[str, str], ...], why: str) -> Caller:
    from sailwright.mesh.pilot.sidecar_scope import Caller

    return Caller(namespace, labels, plain=why)


def _plain_caller(caller: Caller | None) -> tuple[Any, ...] | None:
    return None if caller is None else (caller.namespace, caller.labels, caller.plain)


def _plain(graph: CallGraph) -> tuple[Any, ...]:
    services = {key: (each.owner, each.host, each.callees, each.callers) for key, each in graph.services.items()}
    return services, list(graph.dependents)


def _graph(services: Mapping[str, Any], dependents: Any) -> CallGraph:
    return CallGraph({key: Declared(*plain) for key, plain in services.items()}, dependents)
