"""What is around the routes of services that have moved to the Gateway API: the Gateways that they name, and hand-written routes beside them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol

from sailwright.commands.migrate.plan import Reason
from sailwright.commands.migrate.trial import place_of, service_file
from sailwright.mesh.pilot.gateway_api.conditions import ACCEPTED, ParentStatus
from sailwright.mesh.pilot.virtual_services import VirtualService
from sailwright.mesh.queries.push_context import gateway_api_statuses, push_context_of
from sailwright.mesh.world import World
from sailwright.runtime.records import dataclass
from sailwright.source.manifest import Manifest


class Routed(Protocol):
    """A service whose routes move."""

    @property
    def file(self) -> str:
        """The path of its service.yaml."""

    @property
    def namespace(self) -> str:
        """Where it is."""

    @property
    def host_name(self) -> str:
        """The name of its Kubernetes Service."""


@dataclass(frozen=True, slots=True)
class RoutesAround:
    """One cluster: the Gateways that the routes of each service name, by its file, and by host the hand-written VirtualServices.

    `istio_gateways` are NAMESPACE/NAME, `hosts` those of each Kubernetes Service, by its namespace and name.
    """

    parents: Mapping[str, Sequence[tuple[Manifest, ParentStatus]]]
    istio_gateways: Mapping[str, object]
    hosts: Mapping[tuple[str, str], Sequence[str]]
    by_hand: Mapping[str, Sequence[tuple[int, VirtualService]]]

    def elsewhere(self, service: Routed) -> Iterator[Reason]:
        """The Gateways that are in no file: nobody can say here whether they are of Kubernetes' kind."""
        for route, parent in self.parents.get(service.file, ()):
            if parent.unanswered and f"{parent.namespace}/{parent.name}" not in self.istio_gateways:
                text = f"{parent.title} is in no file: it must be a Kubernetes Gateway that takes routes of {service.namespace}"
                do = "check that it is, or render one with `gateway:` in sailwright.yaml"
                yield Reason(text, do, place_of(route, parent.path))

    def unattached(self, service: Routed) -> list[Reason]:
        """The Gateways that would not take the routes of a service: Istio's own kind, and those that do not accept them."""
        found = []
        for route, parent in self.parents.get(service.file, ()):
            if parent.unanswered and f"{parent.namespace}/{parent.name}" in self.istio_gateways:
                text = f"{parent.title} is an Istio Gateway: routes of the Gateway API need a Kubernetes Gateway"
                do = "render one with `gateway:` in sailwright.yaml, or name one that exists under `expose.gateways`"
                found.append(Reason(text, do, place_of(route, parent.path)))
            for condition in parent.unmet:
                if condition.type == ACCEPTED:
                    text = f"{parent.title} does not take its routes ({condition.reason}): {condition.message}"
                    found.append(Reason(text, "correct the Gateway first", place_of(route, parent.path)))
        return found

    def also_routed(self, service: Routed) -> list[Reason]:
        """Hand-written VirtualServices for the host of a service: beside an HTTPRoute Istio leaves open which of the two holds."""
        hosts = self.hosts.get((service.namespace, service.host_name), ())
        found = {place: each for host in hosts for place, each in self.by_hand.get(host, ())}
        return [
            Reason(
                f"VirtualService {each.title} names its host too: Istio does not define whether it or a route of the Gateway API applies",
                "move its rules into the service file, or remove it",
                each.manifest.locate(("spec", "hosts")).location,
            )
            for _, each in sorted(found.items(), key=lambda pair: pair[0])
        ]


def routes_around(world: World) -> RoutesAround:
    """What is around the routes of one cluster."""
    push_context = world.index.derived(push_context_of)
    parents: dict[str, list[tuple[Manifest, ParentStatus]]] = {}
    for route, status in world.index.derived(gateway_api_statuses).items():
        if file := service_file(route):
            parents.setdefault(file, []).extend((route, each) for each in status.parents if each.kind == "Gateway")
    hosts: dict[tuple[str, str], list[str]] = {}
    for service in push_context.services:
        hosts.setdefault((service.namespace, service.name), []).append(service.host)
    by_hand: dict[str, list[tuple[int, VirtualService]]] = {}
    for place, found in enumerate(push_context.virtual_services):
        if not found.gateway_api and found.manifest.origin is None:
            for host in found.hosts:
                by_hand.setdefault(host, []).append((place, found))
    return RoutesAround(parents, push_context.gateways, hosts, by_hand)
