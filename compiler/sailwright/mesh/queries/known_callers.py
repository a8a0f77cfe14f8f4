"""The callers that the repository knows, in groups: those of a namespace that the same Sidecar narrows, or none, see the same of a mesh.

Source: Istio `pilot/pkg/model/push_context.go` and `sidecar.go`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from sailwright.mesh.objects.export_to import EVERYWHERE, HERE
from sailwright.mesh.pilot.egress_listeners import Listener
from sailwright.mesh.pilot.gateway_names import MESH
from sailwright.mesh.pilot.imported_services import every_destination
from sailwright.mesh.pilot.service_registry import Service
from sailwright.mesh.pilot.sidecar_scope import Caller, gateway_scope, listeners_of, scope_under, sidecar_of
from sailwright.mesh.pilot.virtual_services import VirtualService
from sailwright.mesh.queries.push_context import push_context_of
from sailwright.runtime.records import dataclass, field
from sailwright.source.untyped import labels

if TYPE_CHECKING:
    from sailwright.mesh.index import Index
    from sailwright.mesh.objects.workloads import Workload
    from sailwright.mesh.pilot.sidecar_scope import Scope
    from sailwright.source.manifest import Manifest

Labels = tuple[tuple[str, str], ...]


@dataclass(slots=True, eq=False)
class CallerGroup:
    """The callers of a namespace that a Sidecar narrows. `members` are the labels of each; `elsewhere`: there are more of them, in a part of the
    mesh that is not here.
    """

    namespace: str
    sidecar: Manifest | None
    members: dict[Labels, None] = field(default_factory=dict)
    elsewhere: bool = False

    def callers(self, selectors: Sequence[Mapping[str, str]]) -> list[Caller]:
        """One caller of all that these selectors do not tell apart, with no other labels than those that are selected."""
        found = {_selected(each, selectors) for each in self.members} if selectors else {()}
        return [Caller(self.namespace, each) for each in sorted(found | ({()} if self.elsewhere else set()))]


def _selected(carried: Labels, selectors: Iterable[Mapping[str, str]]) -> Labels:
    own = dict(carried)
    return tuple(sorted({pair for each in selectors if each.items() <= own.items() for pair in each.items()}))


def told_sizes(_: Index) -> dict[str, int]:
    """The sizes of all groups of the mesh (see `group_sizes`) as a part of it was told them; none where the index holds all."""
    return {}


def known_callers(index: Index) -> Iterator[tuple[Workload, Manifest | None]]:
    """The workloads whose pods may have a sidecar and are no gateway, each with the Sidecar that narrows what it sees."""
    push_context = index.derived(push_context_of)
    serving: dict[tuple[str, str], list[Mapping[str, str]]] = {}
    for gateway in push_context.gateways.values():
        selector = labels(gateway.spec.get("selector"))
        for pair in [*selector.items()][:1]:
            serving.setdefault(pair, []).append(selector)
    for workload in index.workloads:
        carried = workload.labels.items()
        serves = any(each.items() <= carried for pair in carried for each in serving.get(pair, ()))
        if not serves and index.injected(workload) is not False:
            yield workload, sidecar_of(push_context, Caller(workload.namespace, tuple(sorted(carried))))


def key_of_group(namespace: str, sidecar: Manifest | None) -> str:
    """What a group is known by: its namespace, and the namespace and the name of its Sidecar."""
    return f"{namespace} {sidecar.namespace or 'default'}/{sidecar.name}" if sidecar else namespace


def group_sizes(index: Index) -> Counter[str]:
    """How many workloads there are in each group of callers, by its key."""
    return Counter(key_of_group(workload.namespace, sidecar) for workload, sidecar in known_callers(index))


HTTP_PORT = 80
"""The port on which a sidecar routes hosts that are no service, if it routes HTTP there at all."""


class KnownCallers:
    """The callers of a mesh that the repository knows: `index.derived(KnownCallers)`."""

    def __init__(self, index: Index) -> None:
        self._push_context = index.derived(push_context_of)
        self._told = index.derived(told_sizes)
        self._groups: dict[str, list[CallerGroup]] = {}
        for _, group in sorted(self._grouped(index).items()):
            self._groups.setdefault(group.namespace, []).append(group)
        self._sending: dict[str, list[VirtualService]] = {}
        for routes in self._push_context.bound_to(MESH):
            for host in every_destination(routes):
                self._sending.setdefault(host, []).append(routes)

    def _grouped(self, index: Index) -> dict[str, CallerGroup]:
        groups: dict[str, CallerGroup] = {}
        here: Counter[str] = Counter()
        for workload, sidecar in known_callers(index):
            key = key_of_group(workload.namespace, sidecar)
            group = groups.setdefault(key, CallerGroup(workload.namespace, sidecar))
            group.members[tuple(sorted(workload.labels.items()))] = None
            here[key] += 1
        for key, size in self._told.items():
            namespace, _, title = key.partition(" ")
            sidecar = self._push_context.sidecar(title)
            if size > here[key] and (
                sidecar or not title
            ):  # another Sidecar imports nothing of this part, or it were linked to it
                groups.setdefault(key, CallerGroup(namespace, sidecar)).elsewhere = True
        return groups

    def importing(self, virtual_service: VirtualService) -> Iterator[tuple[CallerGroup, list[tuple[int, Listener]]]]:
        """The groups whose Sidecars import a VirtualService, by namespace, each with the listeners in which they do, by number: of their
        services those that its hosts cover.
        """
        if MESH not in virtual_service.gateways:
            return
        own, push_context = virtual_service.namespace, self._push_context
        exported = virtual_service.export_to or push_context.virtual_service_export
        named = {own, *(own if each == HERE else each for each in exported)}
        narrow = push_context.narrowed(push_context.covered_by(virtual_service.hosts), (virtual_service,))
        for namespace in self._groups if EVERYWHERE in exported else sorted(named):
            for group in self._groups.get(namespace, ()):
                listeners = enumerate(listeners_of(narrow, namespace, group.sidecar))
                if found := [each for each in listeners if each[1].virtual_services]:
                    yield group, found

    def carries_http(self, group: CallerGroup, number: int) -> bool:
        """Whether a listener of a group, by its number, takes HTTP to any service on port 80. A LookupError where this part does not tell."""
        listening = [each for each in self._push_context.services if _listens(each)]
        narrow = self._push_context.narrowed(listening, ())
        if any(map(_listens, listeners_of(narrow, group.namespace, group.sidecar)[number].services)):
            return True
        if self._told:
            raise LookupError(HTTP_PORT)
        return False

    def scope(self, caller: Caller, sidecar: Manifest | None, host: str) -> Scope:
        """What a caller sees of one host, under its Sidecar: just what its whole scope says of it."""
        narrow = self._push_context.narrowed(self._push_context.by_host(host), self._sending.get(host, ()))
        return gateway_scope(narrow, caller) if caller.gateway else scope_under(narrow, caller, sidecar)


def _listens(service: Service) -> bool:
    return any(port.number == HTTP_PORT and port.carries_http for port in service.ports)
