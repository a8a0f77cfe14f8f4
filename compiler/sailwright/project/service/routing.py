"""The routing parts of a resolved tree: traffic policies, routes, their destinations and mirrors."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sailwright.diagnostics.finding import Path
from sailwright.project.service.parts import Block, Destination, Family, Mirror, Route

Tree = Mapping[str, Any]

ROUTE_SETTINGS = ("timeout", "retries", "fault", "corsPolicy", "headers", "rewrite")
"""Blocks that the weighted default route may have as well as any other."""
_ROUTE_ACTIONS = ("redirect", "directResponse", "delegate")
_WORDS = (*ROUTE_SETTINGS, *_ROUTE_ACTIONS)
_FAMILIES: tuple[tuple[str, Family], ...] = (("routes", "http"), ("tlsRoutes", "tls"), ("tcpRoutes", "tcp"))


def routes(value: Tree) -> tuple[Route, ...]:
    """The routes of all families, each family's in the order of the file."""
    return tuple(route for key, family in _FAMILIES if key in value for route in _family(value, key, family))


def traffic_policy(value: Tree | None) -> Block | None:
    """The policy with every `loadBalancer: WORD` written out as `{simple: WORD}`."""
    if value is None:
        return None
    policy = _written_out(value)
    if "portLevelSettings" in policy:
        policy["portLevelSettings"] = [_written_out(item) for item in policy["portLevelSettings"]]
    return policy


def _written_out(policy: Tree) -> dict[str, Any]:
    balancer = policy.get("loadBalancer")
    return {**policy, "loadBalancer": {"simple": balancer}} if isinstance(balancer, str) else dict(policy)


def _family(value: Tree, key: str, family: Family) -> Iterator[Route]:
    for index, item in enumerate(value.get(key) or ()):
        path: Path = (key, index)
        yield Route(
            name=item.get("name", ""),
            family=family,
            match=tuple(item.get("match") or ()),
            destinations=_destinations(item.get("to"), (*path, "to")),
            mirrors=mirrors(item, path),
            settings={word: item[word] for word in _WORDS if word in item},
            path=path,
        )


def _destinations(to: Any, path: Path) -> tuple[Destination, ...]:
    if to is None:
        return ()
    if isinstance(to, str):
        return (Destination(to, None, None, None, None, None, path),)
    if isinstance(to, dict):
        return tuple(Destination(name, None, None, None, weight, None, (*path, name)) for name, weight in to.items())
    return tuple(
        Destination(
            version=item.get("version"),
            host=item.get("host"),
            subset=item.get("subset"),
            port=_port_number(item.get("port")),
            weight=item.get("weight", 0) if len(to) > 1 else item.get("weight"),
            headers=item.get("headers"),
            path=(*path, index),
        )
        for index, item in enumerate(to)
    )


def _port_number(value: int | Tree | None) -> int | None:
    return value.get("number") if isinstance(value, dict) else value  # type: ignore[return-value]


def mirrors(value: Tree, path: Path) -> tuple[Mirror, ...]:
    found = []
    if mirror := value.get("mirror"):
        share = mirror.get("percentage", value.get("mirrorPercentage"))
        found.append(_mirror(mirror, mirror.get("to"), share, (*path, "mirror")))
    for index, item in enumerate(value.get("mirrors") or ()):
        target = item.get("destination") or {}
        found.append(_mirror(target, target.get("version"), item.get("percentage"), (*path, "mirrors", index)))
    return tuple(found)


def _mirror(target: Tree, version: str | None, share: float | Tree | None, path: Path) -> Mirror:
    percentage = share.get("value", 0.0) if isinstance(share, dict) else share
    port = _port_number(target.get("port"))
    return Mirror(version, target.get("host"), target.get("subset"), port, percentage, path)  # type: ignore[arg-type]
