"""How Envoy chooses a filter chain for a connection: by destination address, then by SNI, the most specific first.

Source: Envoy `FilterChainMatch`; what istiod writes there is in `pilot/pkg/networking/core/tls.go`.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from functools import cache
from typing import Any

from sailwright.mesh.pilot.gateway_names import specificity
from sailwright.mesh.values.hosts import covers
from sailwright.runtime.records import dataclass

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


@dataclass(frozen=True, slots=True, eq=False)
class Chain:
    """One filter chain: for which addresses (none: all) and names (none: all), where to, and whose rule it is."""

    subnets: tuple[str, ...]
    names: tuple[str, ...]
    targets: tuple[Any, ...]
    title: str = ""


def choose(chains: Iterable[Chain], address: str, name: str) -> Chain | str | None:
    """The chain for a connection to `address` (empty: not known) with SNI `name`; text where that cannot be decided.

    Envoy looks at addresses first: a chain for a smaller network hides those for larger ones, whatever their names.
    """
    known = list(chains)
    if any(chain.subnets for chain in known):
        if not address:
            return "a rule has destinationSubnets, and the address that is dialled is not in the input"
        depth = {id(chain): _depth(chain.subnets, address) for chain in known}
        deepest = max(depth.values(), default=-1)
        known = [chain for chain in known if depth[id(chain)] == deepest >= 0]
    named = [(pattern, chain) for chain in known for pattern in chain.names if covers(pattern, name)]
    if named:
        return min(named, key=lambda found: specificity(found[0]))[1]
    return next((chain for chain in known if not chain.names), None)


def _depth(subnets: tuple[str, ...], address: str) -> int:
    """The length of the longest prefix that holds the address; 0 where there is no condition, -1 where none does."""
    if not subnets:
        return 0
    lengths = (network.prefixlen for text in subnets if (network := _network(text)) and _holds(network, address))
    return max(lengths, default=-1)


def _holds(network: Network, address: str) -> bool:
    parsed = ipaddress.ip_address(address)
    return parsed.version == network.version and parsed in network


@cache
def _network(text: str) -> Network | None:
    try:
        return ipaddress.ip_network(text, strict=False)
    except ValueError:
        return None
