"""Names of gateways, and which of several overlapping hosts istiod prefers.

Source of the facts: Istio `pkg/config/host` and `pilot/pkg/model/config.go`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeVar

from sailwright.mesh.values.hosts import covers

MESH = "mesh"
"""The reserved gateway name that stands for every sidecar."""

Value = TypeVar("Value")


def gateway_name(name: str, namespace: str) -> str:
    """A reference to a Gateway as `namespace/name`; `mesh` stays. The legacy `name.namespace.svc...` form is understood."""
    if name == MESH:
        return name
    owner, slash, short = name.partition("/")
    if slash:
        return f"{namespace}/{short}" if owner == "." else name
    short, dot, rest = name.partition(".")
    return f"{rest.partition('.')[0]}/{short}" if dot else f"{namespace}/{name}"


def is_wildcard(name: str) -> bool:
    """Whether a host begins with `*`."""
    return name.startswith("*")


def is_address(host: str) -> bool:
    """Whether a host is an IP address, in brackets or not."""
    if not host.strip("[]")[:1].isdigit() and ":" not in host:
        return False
    import ipaddress

    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return False
    return True


def most_specific(host: str, exact: Mapping[str, Value], wildcards: Mapping[str, Value]) -> Value | None:
    """The value whose key is `host` itself, else the longest wildcard that covers it; None where nothing does."""
    if is_wildcard(host):
        found = wildcards.get(host)
        rest = host[1:]
    else:
        found = exact.get(host)
        rest = host
    if found is not None or not wildcards:
        return found
    covering = [key for key in wildcards if rest.endswith(key[1:])]
    return wildcards[min(covering, key=specificity)] if covering else None


def specificity(host: str) -> tuple[bool, int, str]:
    """Sort key that puts the more specific host first: full names, then the longer wildcard, then the alphabet."""
    return is_wildcard(host), -len(host), host


def intersection(one: Iterable[str], others: Iterable[str]) -> list[str]:
    """The hosts that both sides stand for, the narrower of each overlapping pair, in order and once."""
    others = tuple(others)
    found: dict[str, None] = {}
    for host in one:
        for other in others:
            if covers(other, host):
                found[host] = None
            elif covers(host, other):
                found[other] = None
    return list(found)
