"""Where a connection of a sidecar goes: the listener it meets, the filter chain that takes it, and what that does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sailwright.mesh.pilot.addresses import ANY_ADDRESS
from sailwright.mesh.pilot.service_registry import Service
from sailwright.mesh.pilot.sidecar_scope import Scope
from sailwright.route.envoy.answers import Answer, undecidable, unrouted
from sailwright.route.envoy.filter_chains import Chain, Connection, ambiguous, choose
from sailwright.route.envoy.listeners import AddressListener, outbound_listeners
from sailwright.route.envoy.tcp_proxy import forwarded
from sailwright.route.request import HTTP, Request
from sailwright.runtime.records import dataclass


@dataclass(frozen=True, slots=True, eq=False)
class Routed:
    """HTTP that a route configuration decides about: that of the port, or of the one service whose address was dialled."""

    service: Service | None = None


def connect(scope: Scope, request: Request) -> Answer | Routed:
    """What becomes of a connection to the address of `request.target`."""
    egress = scope.listener(request.port)
    if egress is not None and egress.proxy:
        return undecidable(
            f"port {request.port} is an HTTP proxy of the caller's Sidecar; what it is asked for decides"
        )
    address = scope.push_context.resolver.resolve(request.target, scope.caller.namespace)
    listeners = _listeners(scope, request.port)
    listener = listeners.get(address) or listeners.get(ANY_ADDRESS)
    if listener is None:
        return unrouted(scope)
    plain = request.scheme == HTTP
    chain = choose(listener.chains, Connection(address, request.sni, http=plain))
    if isinstance(chain, str):
        return undecidable(chain)
    chain = chain or listener.default
    if chain is None:
        return _untaken(scope, listener, request)
    return Routed(listener.sniffed) if chain.http else forwarded(scope, chain, request.port, tls=bool(request.sni))


@dataclass(frozen=True, slots=True, eq=False)
class RefusedListener:
    """A listener that Envoy refuses, as two of its chains could take the same connection; the old one stays in force."""

    address: str
    one: Chain
    other: Chain


def refused_listeners(scope: Scope, port: int) -> Iterator[RefusedListener]:
    """The listeners of a port that Envoy refuses, each with the first pair of chains that clash."""
    for address, listener in _listeners(scope, port).items():
        clash = next(ambiguous(listener.chains), None)
        if clash is not None:
            yield RefusedListener(address, *clash)


def _listeners(scope: Scope, port: int) -> Mapping[str, AddressListener]:
    key = ("listeners", port)
    if key not in scope.derived:
        scope.derived[key] = outbound_listeners(scope, port)
    found: Mapping[str, AddressListener] = scope.derived[key]
    return found


def _untaken(scope: Scope, listener: AddressListener, request: Request) -> Answer:
    """The answer for bytes that no chain of the listener takes."""
    answer = unrouted(scope)
    if request.scheme != HTTP and any(chain.http for chain in listener.chains):
        answer["reason"] = (
            f"port {request.port} is {listener.protocol.name} because {listener.protocol.reason}; "
            "bytes that are no HTTP go where those for unknown hosts go"
        )
    return answer
