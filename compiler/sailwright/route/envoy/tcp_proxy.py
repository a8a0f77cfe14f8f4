"""TCP and TLS connections of a sidecar: by destination port, subnets and SNI.

Source: Istio `pilot/pkg/networking/core/tls.go`, `listener.go` and `networkfilter.go`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sailwright.mesh.pilot.egress_listeners import Listener
from sailwright.mesh.pilot.gateway_names import MESH, is_address
from sailwright.mesh.pilot.service_registry import Port, Service
from sailwright.mesh.pilot.sidecar_scope import Scope
from sailwright.mesh.pilot.virtual_services import VirtualService
from sailwright.mesh.values.hosts import overlap
from sailwright.route.envoy.actions import BLOCKED, PASSTHROUGH, ROUTE, ClusterLookup, weighted
from sailwright.route.envoy.answers import Answer, undecidable, unrouted
from sailwright.route.envoy.filter_chains import Chain, choose
from sailwright.route.envoy.outbound import service_domains
from sailwright.route.request import Request, without_port

TLS_SCHEMES = frozenset({"tls", "https"})


def connect(scope: Scope, request: Request) -> Answer:
    """Where the bytes of a connection go; of a TLS connection `request.authority` names the SNI."""
    listener = scope.listener(request.port)
    if listener is None:
        return unrouted(scope)
    if listener.proxy:
        return undecidable(
            f"port {request.port} is an HTTP proxy of the caller's Sidecar; what it is asked for decides"
        )
    sni = without_port(request.authority).lower() if request.scheme in TLS_SCHEMES else ""
    dialled = request.dialled or without_port(request.authority).lower()
    service = dialled_service(scope, dialled, request.port)
    port = service.port(request.port) if service else None
    if service is None or port is None:
        return _captured(scope, listener, request.port, dialled, sni)
    if port.protocol.is_udp:
        return {"kind": PASSTHROUGH, "reason": f"port {port.number} is UDP, which no proxy takes part in"}
    if port.protocol.is_http:
        reason = f"port {port.number} is {port.protocol.name} because {port.protocol.reason}; only HTTP passes there"
        return {"kind": BLOCKED, "reason": reason}
    chains = list(_chains(scope, listener, service, port, named=False))
    return _answer(scope, chains, request.port, _address(service, dialled), sni)


def dialled_service(scope: Scope, host: str, port: int) -> Service | None:
    """The service whose address a client gets for `host`, or whose address `host` is."""
    listener = scope.listener(port)
    if listener is None:
        return None
    if listener not in scope.directories:
        directory: dict[str, list[Service]] = {}
        for service in listener.services:
            domains, _ = service_domains(service, scope.caller.namespace, scope.push_context.domain)
            for domain in domains:
                directory.setdefault(domain, []).append(service)
        scope.directories[listener] = directory
    return next((service for service in scope.directories[listener].get(host, ()) if service.port(port)), None)


def _captured(scope: Scope, listener: Listener, port: int, dialled: str, sni: str) -> Answer:
    """Where a connection to a host that has no address of its own goes: listeners on 0.0.0.0 take all of a port.

    Those are of ServiceEntries without addresses: TLS ones go by the SNI, of the others the first takes everything.
    """
    open_ports = [
        (service, found)
        for service in listener.services
        if not service.kubernetes and not service.addresses and (found := service.port(port)) and found.protocol.is_tcp
    ]
    chains = [chain for service, found in open_ports for chain in _chains(scope, listener, service, found, named=True)]
    return _answer(scope, chains, port, dialled if is_address(dialled) else "", sni)


def _answer(scope: Scope, chains: list[Chain], port: int, address: str, sni: str) -> Answer:
    chain = choose(chains, address, sni)
    if isinstance(chain, str):
        return undecidable(chain)
    if chain is None:
        return unrouted(scope)
    destinations = weighted(list(chain.targets), connection_clusters(scope, port))
    answer: Answer = {"kind": ROUTE, "protocol": "tls" if sni else "tcp", "destinations": destinations}
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


def _chains(scope: Scope, listener: Listener, service: Service, port: Port, *, named: bool) -> Iterator[Chain]:
    """The filter chains of a service's port; `named` where the SNI must tell the service, as it has no address."""
    claimed = [found for found in listener.virtual_services if any(overlap(host, service.host) for host in found.hosts)]
    if port.protocol.is_tls:
        chains = list(_tls_chains(scope, claimed, port.number))
        yield from chains
        if not chains:
            yield Chain((), (service.host,) if named else (), _to(service, port))
        return
    for chain in _tcp_chains(scope, claimed, port.number):
        yield chain
        if not chain.subnets:
            return
    yield Chain((), (), _to(service, port))


def _to(service: Service, port: Port) -> tuple[Any, ...]:
    return ({"destination": {"host": service.host, "port": {"number": port.number}}},)


def _tls_chains(scope: Scope, claimed: Iterable[VirtualService], port: int) -> Iterator[Chain]:
    """Of rules with the same names and subnets the first wins; subnets stay in force for the rules that follow."""
    seen: set[tuple[tuple[str, ...], tuple[str, ...]]] = set()
    subnets: tuple[str, ...] = ()
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
                    yield Chain(subnets, names, tuple(rule.get("route") or ()), virtual_service.title)


def _tcp_chains(scope: Scope, claimed: Iterable[VirtualService], port: int) -> Iterator[Chain]:
    """Up to the first rule that asks for no address."""
    for virtual_service in claimed:
        for rule in virtual_service.tcp:
            matches: Iterable[Mapping[str, Any]] = rule.get("match") or ({},)
            fitting = [match for match in matches if _concerns(match, scope, port)]
            subnets = [tuple(match.get("destinationSubnets") or ()) for match in fitting]
            if not fitting:
                continue
            open_to_all = () in subnets
            together = () if open_to_all else tuple(text for group in subnets for text in group)
            yield Chain(together, (), tuple(rule.get("route") or ()), virtual_service.title)
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


def _address(service: Service, dialled: str) -> str:
    if is_address(dialled):
        return dialled.strip("[]")
    return service.addresses[0] if service.addresses and is_address(service.addresses[0]) else ""
