"""The outbound listeners of a sidecar on one port: which address each is for, and its filter chains.

A connection meets the listener of the address that it is meant for, else the one of all addresses, else none.
Source: Istio `pilot/pkg/networking/core/listener.go` and `listener_builder.go`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sailwright.mesh.pilot.addresses import ANY_ADDRESS, is_network, own_addresses
from sailwright.mesh.pilot.egress_listeners import Listener
from sailwright.mesh.pilot.service_registry import Port, Service
from sailwright.mesh.pilot.sidecar_scope import Scope
from sailwright.mesh.values.protocol import Protocol
from sailwright.route.envoy.filter_chains import Chain
from sailwright.route.envoy.tcp_proxy import service_chains
from sailwright.runtime.records import dataclass

SOLITARY = frozenset({"Mongo", "MySQL"})
"""Protocols that share a listener with none but their own."""


@dataclass(slots=True, eq=False)
class AddressListener:
    """The listener of one address and port. `sniffed` is the one service whose HTTP it routes; None is all of the port."""

    protocol: Protocol
    chains: list[Chain]
    explicit: bool = False
    sniffed: Service | None = None

    @property
    def default(self) -> Chain | None:
        """The chain that takes what no other does: one that asks nothing. Without one the proxy's catch-all takes it."""
        return next((chain for chain in self.chains if chain.takes_all), None)


def outbound_listeners(scope: Scope, port: int) -> Mapping[str, AddressListener]:
    """The listeners of a port by address. Those of a Sidecar's own port come first, and take no other service in."""
    found: dict[str, AddressListener] = {}
    for listener in scope.listeners:
        if listener.port not in (None, port) or listener.proxy:
            continue
        if listener.port is None:
            for entry in found.values():
                entry.explicit = True
        for service in listener.services:
            declared = service.port(port)
            if declared is not None and not service.alias_of:
                _add(found, scope, listener, service, declared)
    return found


def _add(found: dict[str, AddressListener], scope: Scope, listener: Listener, service: Service, declared: Port) -> None:
    port = listener.port_of(declared)
    if port.protocol.is_udp:
        return
    for address, networks in _places(scope, listener, service, port):
        known = found.get(address)
        if known is not None and (known.explicit or _solitary(known.protocol, port.protocol)):
            continue
        chains = (
            [] if port.protocol.is_http else list(service_chains(scope, listener, service, port, address, networks))
        )
        if port.carries_http:
            chains.append(Chain(networks if port.protocol.is_auto else (), (), http=True, registered=True))
        sniffed = service if port.protocol.is_auto and address != ANY_ADDRESS else None
        if known is None:
            found[address] = AddressListener(port.protocol, chains, sniffed=sniffed)
        else:
            known.chains = _merged(known.chains, chains)


def _places(scope: Scope, listener: Listener, service: Service, port: Port) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The addresses of the listeners that take a service's port, each with the networks that its chains ask for."""
    if listener.bind:
        yield listener.bind, ()
        return
    addresses = [] if port.protocol.is_http else own_addresses(service, scope.push_context.endpoints, port)
    if not addresses:
        if port.protocol.is_http or not service.headless:
            yield ANY_ADDRESS, ()
        return
    if service.headless:
        yield from ((address, ()) for address in addresses)
    elif is_network(addresses[0]):
        yield ANY_ADDRESS, tuple(addresses)
    else:
        yield from ((address, ()) for address in addresses if not is_network(address))


def _solitary(one: Protocol, other: Protocol) -> bool:
    return one.name != other.name and bool({one.name, other.name} & SOLITARY)


def _merged(known: Iterable[Chain], more: Iterable[Chain]) -> list[Chain]:
    """Of chains that ask the same the first stays."""
    found: dict[Any, Chain] = {}
    for chain in (*known, *more):
        found.setdefault(chain.condition, chain)
    return list(found.values())
