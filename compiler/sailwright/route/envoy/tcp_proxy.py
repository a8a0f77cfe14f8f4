"""TCP and TLS of a sidecar: the filter chains of a service's port, and where the bytes of a chain go.

Source: Istio `pilot/pkg/networking/core/tls.go` and `networkfilter.go`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sailwright.mesh.pilot.addresses import ANY_ADDRESS
from sailwright.mesh.pilot.egress_listeners import Listener
from sailwright.mesh.pilot.gateway_names import MESH
from sailwright.mesh.pilot.service_registry import Port, Service
from sailwright.mesh.pilot.sidecar_scope import Scope
from sailwright.mesh.pilot.virtual_services import VirtualService
from sailwright.mesh.values.hosts import overlap
from sailwright.route.envoy.actions import ROUTE, ClusterLookup, weighted
from sailwright.route.envoy.answers import Answer
from sailwright.route.envoy.filter_chains import Chain


def forwarded(scope: Scope, chain: Chain, port: int, *, tls: bool) -> Answer:
    """The answer for a connection that a chain passes on."""
    destinations = weighted(list(chain.targets), connection_clusters(scope, port))
    answer: Answer = {"kind": ROUTE, "protocol": "tls" if tls else "tcp", "destinations": destinations}
    if chain.title:
        answer["virtualService"] = chain.title
    return answer


def connection_clusters(scope: Scope, port: int) -> ClusterLookup:
    """What destinations of connections need: the only port of a service is its default, else the port of the listener."""

    def port_of(host: str) -> int:
        service = scope.services.get(host)
        return service.ports[0].number if service and len(service.ports) == 1 else port

    def concrete(host: str) -> str:
        service = scope.services.get(host)
        return (service.alias_of if service else "") or host

    return ClusterLookup(
        port,
        port_of,
        concrete,
        scope.knows,
        scope.push_context.retry_policy,
        prefix_redirects=scope.push_context.prefix_redirects,
    )


def service_chains(
    scope: Scope, listener: Listener, service: Service, port: Port, address: str, networks: tuple[str, ...]
) -> Iterator[Chain]:
    """The filter chains of a service's port at the listener of `address`; `networks` are those of the service itself."""
    claimed = [found for found in listener.virtual_services if any(overlap(host, service.host) for host in found.hosts)]
    default = ({"destination": {"host": service.host, "port": {"number": _default_port(service, port)}}},)
    if port.protocol.is_tls:
        chains = list(_tls_chains(scope, claimed, port.number, networks))
        yield from chains
        if not chains:
            yield Chain(networks, (service.host,) if address == ANY_ADDRESS else (), default, registered=True)
        return
    chains = list(_tcp_chains(scope, claimed, port.number, networks))
    yield from chains
    if not any(set(chain.subnets) == set(networks) for chain in chains):
        yield Chain(networks, (), default, registered=True)


def _default_port(service: Service, port: Port) -> int:
    return service.ports[0].number if len(service.ports) == 1 else port.number


def _tls_chains(
    scope: Scope, claimed: Iterable[VirtualService], port: int, networks: tuple[str, ...]
) -> Iterator[Chain]:
    """Of rules with the same names and subnets the first wins; subnets stay in force for the rules that follow."""
    seen: set[tuple[tuple[str, ...], tuple[str, ...]]] = set()
    subnets = networks
    for virtual_service in claimed:
        for rule in virtual_service.tls:
            for match in rule.get("match") or ():
                if not _concerns(match, scope, port):
                    continue
                own = tuple(match.get("destinationSubnets") or ())
                names = tuple(name.lower() for name in match.get("sniHosts") or ())
                subnets = own or subnets
                if (names, own) not in seen:
                    seen.add((names, own))
                    shown = () if "*" in names else names
                    targets = tuple(rule.get("route") or ())
                    yield Chain(subnets, shown, targets, virtual_service.answer_title, registered=subnets == networks)


def _tcp_chains(
    scope: Scope, claimed: Iterable[VirtualService], port: int, networks: tuple[str, ...]
) -> Iterator[Chain]:
    """Up to the first rule that asks for no address; that one keeps to the networks of the service itself."""
    for virtual_service in claimed:
        for rule in virtual_service.tcp:
            matches: Iterable[Mapping[str, Any]] = rule.get("match") or ({},)
            fitting = [match for match in matches if _concerns(match, scope, port)]
            subnets = [tuple(match.get("destinationSubnets") or ()) for match in fitting]
            if not fitting:
                continue
            open_to_all = () in subnets
            together = networks if open_to_all else tuple(text for group in subnets for text in group)
            yield Chain(
                together, (), tuple(rule.get("route") or ()), virtual_service.answer_title, registered=open_to_all
            )
            if open_to_all:
                return


def _concerns(match: Mapping[str, Any], scope: Scope, port: int) -> bool:
    """Whether a match entry is for this caller: for connections all four conditions must hold."""
    gateways = match.get("gateways")
    labels = match.get("sourceLabels") or {}
    return (
        (not gateways or MESH in gateways)
        and labels.items() <= scope.caller.label_map.items()
        and match.get("port") in (None, 0, port)
        and match.get("sourceNamespace") in (None, "", scope.caller.namespace)
    )
