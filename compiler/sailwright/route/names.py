"""Host and gateway names as istiod compares them: short names, wildcards, and which of several wildcards wins.

Source of the facts: Istio `pkg/config/host` and `pilot/pkg/model/config.go`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeVar

MESH = "mesh"
"""The reserved gateway name that stands for every sidecar."""

Value = TypeVar("Value")


def fqdn(name: str, namespace: str, domain: str) -> str:
    """`name` in full: a name without a dot is a Service of `namespace`; `*` stays as it is. Lower case."""
    name = name.lower()
    if not name or name == "*" or "." in name:
        return name
    return f"{name}.{namespace}.svc.{domain}"


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


def matches(one: str, other: str) -> bool:
    """Whether two hosts have any name in common."""
    if is_wildcard(one):
        if is_wildcard(other):
            return one[1:].endswith(other[1:]) or other[1:].endswith(one[1:])
        return other.endswith(one[1:])
    if is_wildcard(other):
        return one.endswith(other[1:])
    return one == other


def subset_of(one: str, other: str) -> bool:
    """Whether every name that `one` stands for is also one of `other`."""
    if is_wildcard(one):
        return is_wildcard(other) and one[1:].endswith(other[1:])
    if is_wildcard(other):
        return one.endswith(other[1:])
    return one == other


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
            if subset_of(host, other):
                found[host] = None
            elif subset_of(other, host):
                found[other] = None
    return list(found)
