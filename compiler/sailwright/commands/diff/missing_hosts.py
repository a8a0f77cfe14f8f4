"""What a comparison asks of services that no link leads to: where a side has not all of the hosts that are compared.

A sidecar routes requests to such a host beside those to the services on the same port (see `route.envoy.outbound`), and where a host is
in no file, another whose name is near may be the one that was meant (see `mesh.objects.host_lookup`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING, Final

from sailwright.diagnostics.suggestions import one_edit_keys
from sailwright.mesh.objects.services import Port, Service
from sailwright.mesh.pilot.gateway_names import is_wildcard
from sailwright.mesh.queries.push_context import push_context_of
from sailwright.mesh.queries.routed_callers import targets
from sailwright.mesh.values import kinds
from sailwright.mesh.values.hosts import service_of
from sailwright.route.classes.world_slice import registered_hosts
from sailwright.route.envoy.outbound import HTTP_PORT
from sailwright.runtime.records import dataclass

if TYPE_CHECKING:
    from sailwright.mesh.index import Index
    from sailwright.mesh.world import World

SOME: Final = 4
"""Services that are noted where one is enough: the others may change."""


@dataclass(frozen=True, slots=True)
class PortUsers:
    """The service files that have a port: some for which every sidecar routes HTTP there (`web`), some others, and whether these are all."""

    web: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    complete: bool = True


@dataclass(frozen=True, slots=True)
class ServiceFiles:
    """The service files of a mesh: who has which port, and those with `several` Services, None where they are more than SOME.

    Of the latter, records have the hosts of one Service (see `near_names`).
    """

    by_port: Mapping[int, PortUsers]
    several: tuple[str, ...] | None = ()


def service_files(index: Index, services: Mapping[str, str]) -> ServiceFiles:
    """The service files of a mesh, where `services` leads to them from what is rendered; by hand is in every part of a mesh."""
    found: dict[int, tuple[dict[str, None], dict[str, None]]] = {}
    seen: set[str] = set()
    several: dict[str, None] = {}
    for service in (*index.services, *index.service_entries):
        path = services.get(service.manifest.document.source.path)
        if path is None:
            continue
        if path in seen:
            several[path] = None
        seen.add(path)
        for port in service.ports:
            web, others = found.setdefault(port.number, ({}, {}))
            (web if _is_web(service, port) else others)[path] = None
    by_port = {number: _some(tuple(web), tuple(others), complete=True) for number, (web, others) in found.items()}
    return ServiceFiles(by_port, _at_most_some(several))


def together(parts: Iterable[ServiceFiles], but_for: Collection[str] = ()) -> ServiceFiles:
    """The service files of several parts of a mesh, but for some."""
    found: dict[int, PortUsers] = {}
    several: tuple[str, ...] | None = ()
    for part in parts:
        if several is not None and part.several is not None:
            more = (path for path in part.several if path not in but_for)
            several = _at_most_some(dict.fromkeys((*several, *more)))
        else:
            several = None
        for number, users in part.by_port.items():
            known = found.get(number, PortUsers())
            web, others = (
                tuple(dict.fromkeys((*one, *(path for path in more if path not in but_for))))
                for one, more in ((known.web, users.web), (known.others, users.others))
            )
            found[number] = _some(web, others, complete=known.complete and users.complete)
    return ServiceFiles(found, several)


def _at_most_some(paths: Collection[str]) -> tuple[str, ...] | None:
    return tuple(paths) if len(paths) <= SOME else None


def _some(web: tuple[str, ...], others: tuple[str, ...], *, complete: bool) -> PortUsers:
    return PortUsers(web[:SOME], others[:SOME], complete and max(len(web), len(others)) <= SOME)


def needed_users(
    users: Mapping[int, PortUsers], ports: Iterable[int], changed: Collection[str]
) -> tuple[frozenset[str], frozenset[int]]:
    """The services beside the changed ones that say what a sidecar does on some ports, and the ports of which these are all."""
    needed: set[str] = set()
    complete: set[int] = set()
    for port in ports:
        known = users.get(port, PortUsers())
        web = next((path for path in known.web if path not in changed), None)
        if known.complete:
            complete.add(port)
            needed.update((*known.web, *known.others))
        elif web is not None:
            needed.add(web)
    return frozenset(needed - {*changed}), frozenset(complete)


def ports_in_question(before: World, after: World, hosts: AbstractSet[str]) -> frozenset[int]:
    """The ports on which a sidecar's other services decide about requests to these hosts; none where both sides have all of them."""
    missing = [hosts - registered_hosts(side) for side in (before, after)]
    if not any(missing):
        return frozenset()
    ports = (port.number for side in (before, after) for _, port in _ports(side.index, hosts))
    return frozenset((*ports, *((HTTP_PORT,) if missing[0] & missing[1] else ())))


def routed_alone(
    before: World, after: World, hosts: AbstractSet[str], complete: Collection[int], services: Collection[str]
) -> bool:
    """Whether requests to hosts that a side does not have depend on no more than is there: all services of the port are (`complete`), or
    it is HTTP everywhere and a service that stays routes it. `services` are the rendered files of services.

    Of Sidecars by hand it is not known here which services they leave out.
    """
    sides = (before.index, after.index)
    ports = ports_in_question(before, after, hosts)
    if not ports:
        return True
    nowhere = hosts - registered_hosts(before) - registered_hosts(after)
    if not all(map(_is_outside, nowhere)) or any(map(_may_name_a_namespace, hosts)):
        return False
    if any(each.document.source.path not in services for index in sides for each in index.of(kinds.SIDECAR)):
        return False
    for number in ports.difference(complete):
        used = (port for index in sides for _, port in _ports(index, hosts) if port.number == number)
        web = [{(each.namespace, each.name) for each in _web_services(index, number, hosts)} for index in sides]
        if not web[0] & web[1] or not all(map(_carries_http, used)):
            return False
    return True


def near_names(before: World, after: World, hosts: Iterable[str]) -> frozenset[tuple[str, str]]:
    """What services of the mesh would be called that may be meant by hosts which one of the sides does not have, each with its namespace:
    keys as `one_edit_keys` gives them. The hosts are those that are compared, and those that routes lead to.
    """
    wanted: set[str] = set()
    for world in (before, after):
        routed = (
            each.host for routes in world.index.derived(push_context_of).virtual_services for each in targets(routes)
        )
        wanted.update(host for host in {*hosts, *routed} if not world.index.registry.services(host))
    services = (service for host in wanted if (service := service_of(host, before.facts.cluster_domain)))
    return frozenset((key, namespace) for name, namespace in services for key in one_edit_keys(name))


def _ports(index: Index, hosts: Iterable[str]) -> Iterator[tuple[Service, Port]]:
    for host in hosts:
        yield from ((each, port) for each in index.registry.services(host) for port in each.ports)


def _is_outside(host: str) -> bool:
    """Whether a name cannot be that of a Service."""
    return host.count(".") > 1 and not is_wildcard(host) and ".svc" not in host


def _may_name_a_namespace(host: str) -> bool:
    """Whether a name is that of a Service if anything of the mesh is in the namespace that it may end with: `reviews.shop`."""
    return host.count(".") == 1 and not is_wildcard(host)


def _web_services(index: Index, number: int, but_for: AbstractSet[str]) -> Iterator[Service]:
    for service in index.services:
        port = service.port(number)
        if port is not None and _is_web(service, port) and but_for.isdisjoint(service.hosts):
            yield service


def _is_web(service: Service, port: Port) -> bool:
    """Whether every sidecar routes HTTP on a port of a Service, unless its Sidecar leaves it out."""
    other = service.is_entry or service.is_external_name or service.is_headless
    return _carries_http(port) and service.exports.everywhere and not other


def _carries_http(port: Port) -> bool:
    return port.protocol.is_http or port.protocol.is_auto
