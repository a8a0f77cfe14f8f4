"""How Envoy chooses a filter chain for a connection: by destination address, then by SNI, then by what the first bytes are.

At each step the most specific condition that fits wins, and there is no way back from it: a chain for a smaller network
hides those for larger ones, whatever their names. Source: Envoy `FilterChainMatch`.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

from sailwright.mesh.pilot.addresses import UNNAMED
from sailwright.mesh.pilot.gateway_names import is_address, specificity
from sailwright.mesh.values.hosts import covers
from sailwright.runtime.records import dataclass

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


@dataclass(frozen=True, slots=True, eq=False)
class Chain:
    """One filter chain: for which networks (none: all) and names (none: all), and what it does.

    `http` tells that it is for plain HTTP alone, and that a route configuration decides; else `targets` get the bytes,
    by the rule of the VirtualService `title`.
    """

    subnets: tuple[str, ...]
    names: tuple[str, ...]
    targets: tuple[Any, ...] = ()
    title: str = ""
    http: bool = False
    registered: bool = False
    """Whether its networks are the `addresses` of a ServiceEntry: no virtual IP of a Service lies in those."""

    @property
    def condition(self) -> tuple[frozenset[str], frozenset[str], bool]:
        """What it asks of a connection. Of chains that ask the same istiod keeps the first."""
        return frozenset(self.subnets), frozenset(self.names), self.http

    @property
    def takes_all(self) -> bool:
        """Whether it asks nothing."""
        return not (self.subnets or self.names or self.http)


@dataclass(frozen=True, slots=True)
class Connection:
    """What a listener sees of a connection: the address it was meant for, the SNI (empty: none), and whether it is plain HTTP.

    An `address` that is no IP address is one that the input does not hold.
    """

    address: str
    sni: str = ""
    http: bool = False


def choose(chains: Iterable[Chain], connection: Connection) -> Chain | str | None:
    """The chain for a connection, None where none takes it; text where the address decides and is not known."""
    known = list(chains)
    if is_address(connection.address) or not any(chain.subnets for chain in known):
        return _by_name(_by_address(known, connection.address), connection)
    if connection.address.startswith(UNNAMED):
        known = [chain for chain in known if not (chain.subnets and chain.registered)]
    places = {text for chain in known for text in chain.subnets}
    outcomes = {_by_name([chain for chain in known if not chain.subnets], connection)}
    outcomes |= {_by_name([chain for chain in known if place in chain.subnets], connection) for place in places}
    if len(outcomes) == 1:
        return outcomes.pop()
    return "a rule has destinationSubnets, and the address that is dialled is not in the input"


def ambiguous(chains: Iterable[Chain]) -> Iterator[tuple[Chain, Chain]]:
    """The pairs of chains that could take the same connection with equal right: Envoy refuses the whole listener."""
    seen: dict[tuple[str, str, bool], Chain] = {}
    for chain in chains:
        conditions = [
            (subnet and str(_network(subnet)), name, chain.http)
            for subnet in chain.subnets or ("",)
            for name in chain.names or ("",)
        ]
        for condition in dict.fromkeys(conditions):
            if condition in seen:
                yield seen[condition], chain
            seen.setdefault(condition, chain)


def _by_address(chains: list[Chain], address: str) -> list[Chain]:
    """The chains of the smallest network that holds the address; without one those that ask for none."""
    if not any(chain.subnets for chain in chains):
        return chains
    depths = [_depth(chain.subnets, address) for chain in chains]
    deepest = max(depths)
    return [chain for chain, depth in zip(chains, depths, strict=True) if depth == deepest >= 0]


def _by_name(chains: list[Chain], connection: Connection) -> Chain | None:
    fitting = [name for chain in chains for name in chain.names if covers(name, connection.sni)]
    best = min(fitting, key=specificity, default=None)
    named = [chain for chain in chains if (best in chain.names if best is not None else not chain.names)]
    first = [chain for chain in named if chain.http] if connection.http else []
    return next(iter([*first, *(chain for chain in named if not chain.http)]), None)


def _depth(subnets: tuple[str, ...], address: str) -> int:
    """The length of the longest prefix that holds the address; 0 where there is no condition, -1 where none does."""
    if not subnets:
        return 0
    lengths = (network.prefixlen for text in subnets if (network := _network(text)) and _holds(network, address))
    return max(lengths, default=-1)


def _holds(network: Network, address: str) -> bool:
    parsed = ipaddress.ip_address(address.strip("[]"))
    return parsed.version == network.version and parsed in network


@cache
def _network(text: str) -> Network | None:
    try:
        return ipaddress.ip_network(text, strict=False)
    except ValueError:
        return None
