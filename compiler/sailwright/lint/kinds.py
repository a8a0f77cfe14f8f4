"""What a rule is asked about: one object of a kind at a time, or one group of them.

A rule names its kind, `KIND = VIRTUAL_SERVICE`, and the engine calls its check once per VirtualService. The few rules that compare
objects name the key of their groups: `KIND = VIRTUAL_SERVICE.grouped_by(hosts)` calls the check once per host, with all the
VirtualServices of it.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from itertools import chain
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from sailwright.mesh.values import kinds

if TYPE_CHECKING:
    from sailwright.mesh.objects.namespaces import Namespace
    from sailwright.mesh.objects.routing import DestinationRule, Gateway, VirtualService
    from sailwright.mesh.objects.services import Service
    from sailwright.mesh.objects.sidecars import Sidecar
    from sailwright.mesh.objects.workloads import Workload
    from sailwright.mesh.queries.annotations import Annotated
    from sailwright.mesh.world import World
    from sailwright.source.manifest import Manifest

T = TypeVar("T")
U = TypeVar("U")


Apart = Callable[["World", Callable[[Any], bool]], tuple[list[Any], bool]]


class Kind(Generic[T]):
    """A kind of subject. `listed` gives the subjects of one mesh, in the order of the files.

    `parts` are the kinds of which it lists one after the other, each object by object: what stands in a file does not hang on any other
    file. None where it does, as for groups. What a group has in common links its members (see `lint.links`): such a kind is `linked`.
    `apart` gives those of its groups in which all subjects are wanted, and whether there are any groups at all.
    """

    def __init__(self, listed: Callable[[World], Iterable[T]], parts: tuple[AnyKind, ...] | None = None) -> None:
        self.listed = listed
        self.parts = parts
        self.linked = False
        self.apart: Apart = lambda _mesh, _wanted: ([], False)

    def grouped_by(self, keys: Callable[[T, World], Iterable[Hashable]]) -> Kind[tuple[T, ...]]:
        """The groups of subjects that share a key. A subject is in one group per key; one without a key is in none."""

        def groups(mesh: World) -> Iterable[tuple[T, ...]]:
            members: dict[Hashable, list[T]] = {}
            for subject in self.listed(mesh):
                for key in dict.fromkeys(keys(subject, mesh)):
                    members.setdefault(key, []).append(subject)
            return map(tuple, members.values())

        def apart(mesh: World, wanted: Callable[[T], bool]) -> tuple[list[tuple[T, ...]], bool]:
            """Most subjects may not be wanted: of these nothing is held."""
            members: dict[Hashable, list[T]] = {}
            for subject in filter(wanted, self.listed(mesh)):
                for key in dict.fromkeys(keys(subject, mesh)):
                    members.setdefault(key, []).append(subject)
            some = bool(members)
            for subject in self.listed(mesh):
                if some and not members:
                    break
                if not wanted(subject):
                    for key in keys(subject, mesh):
                        some = True
                        members.pop(key, None)
            return [tuple(group) for group in members.values()], some

        kind = Kind(groups)
        kind.linked = True
        kind.apart = apart
        return kind

    def __or__(self, other: Kind[U]) -> Kind[T | U]:
        """The subjects of both kinds."""
        parts = None if self.parts is None or other.parts is None else (*self.parts, *other.parts)
        return Kind(lambda mesh: chain[T | U](self.listed(mesh), other.listed(mesh)), parts)


def _by_object(listed: Callable[[World], Iterable[T]]) -> Kind[T]:
    """A kind that has a subject for each of some objects, whatever others there are."""
    kind = Kind(listed)
    kind.parts = (kind,)
    return kind


def objects(*names: str) -> Kind[Manifest]:
    """The objects of these kinds (names of `mesh.values.kinds`), as manifests."""
    parts = tuple(_by_object(lambda mesh, name=name: mesh.index.of(name)) for name in names)  # type: ignore[misc]
    return Kind(lambda mesh: mesh.index.of(*names), parts)


VIRTUAL_SERVICE: Kind[VirtualService] = _by_object(lambda mesh: mesh.index.virtual_services)
DESTINATION_RULE: Kind[DestinationRule] = _by_object(lambda mesh: mesh.index.destination_rules)
GATEWAY: Kind[Gateway] = Kind(lambda mesh: mesh.index.gateways.values())
SERVICE: Kind[Service] = _by_object(lambda mesh: mesh.index.services)
SERVICE_ENTRY: Kind[Service] = _by_object(lambda mesh: mesh.index.service_entries)
SIDECAR: Kind[Sidecar] = _by_object(lambda mesh: mesh.index.sidecars.all)
WORKLOAD: Kind[Workload] = _by_object(lambda mesh: mesh.index.workloads)
EACH_WORKLOAD: Kind[Workload] = Kind(lambda mesh: mesh.index.each_workload())
"""Every workload, for groups that few of them are in: what others worked out to know that is not kept."""

NAMESPACE: Kind[Namespace] = Kind(lambda mesh: mesh.index.namespaces.values())
AUTHORIZATION_POLICY = objects(kinds.AUTHORIZATION_POLICY)
PEER_AUTHENTICATION = objects(kinds.PEER_AUTHENTICATION)
REQUEST_AUTHENTICATION = objects(kinds.REQUEST_AUTHENTICATION)
TELEMETRY = objects(kinds.TELEMETRY)
ENVOY_FILTER = objects(kinds.ENVOY_FILTER)

ANY_OBJECT: Kind[Manifest] = _by_object(lambda mesh: mesh.manifests)
"""Every object, of whatever kind."""

PROJECT: Kind[Manifest] = _by_object(lambda mesh: (mesh.project,) if mesh.project is not None else ())
"""sailwright.yaml, where there is one."""

MESH: Kind[None] = Kind(lambda _: (None,))
"""The mesh itself, once: for what no single object answers for, as the release of its control plane."""

AnyKind = Kind[Any]

KUBERNETES_GATEWAY = objects(kinds.KUBERNETES_GATEWAY)
HTTP_OR_GRPC_ROUTE = objects(kinds.HTTP_ROUTE, kinds.GRPC_ROUTE)
GATEWAY_API_ROUTE = HTTP_OR_GRPC_ROUTE | objects(kinds.TCP_ROUTE, kinds.TLS_ROUTE)
REFERENCE_GRANT = objects(kinds.REFERENCE_GRANT)
WORKLOAD_GROUP = objects(kinds.WORKLOAD_GROUP)
CUSTOM_RESOURCE_DEFINITION = objects(kinds.CUSTOM_RESOURCE_DEFINITION)

SERVICE_FILE: Kind[Manifest] = _by_object(
    lambda mesh: (
        found
        for found in mesh.manifests
        if found.origin is None and found.api_version.startswith("sailwright/") and found is not mesh.project
    )
)
"""The service.yaml files."""

FORMER_VIRTUAL_SERVICE: Kind[VirtualService] = Kind(lambda mesh: mesh.base.index.virtual_services if mesh.base else ())
"""The VirtualServices of the base commit, where there is one to compare with."""


def _annotated(mesh: World) -> Iterable[Annotated]:
    from sailwright.mesh.queries.annotations import annotated

    return annotated(mesh.index)


ANNOTATED: Kind[Annotated] = _by_object(_annotated)
"""Each place with annotations that are Istio's business: the metadata of an object, and of the pods it makes."""


def _pod_makers(mesh: World) -> Iterable[Workload]:
    index = mesh.index
    if not index.facts.compat:
        return index.workloads
    return (index.workload(manifest) for manifest in index.of(kinds.POD, kinds.DEPLOYMENT))


POD_MAKER: Kind[Workload] = _by_object(_pod_makers)
"""Every workload; for the analyzers, to whom only Pods are some, Pods and Deployments."""
