"""Which rules and matches of a VirtualService can never be reached, as Istio's validation tells.

Source: pkg/config/validation/validation.go (analyzeUnreachableHTTPRules and its neighbours).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sailwright.finding import Path
from sailwright.mesh.routing import Block, VirtualService
from sailwright.mesh.shape import entries, items, mapping, number, text

_MESSAGES = ("uri", "scheme", "method", "authority")
"""Fields whose empty message differs from none."""


@dataclass(frozen=True, slots=True)
class Unreachable:
    """A rule that no request reaches. `first` is the rule that takes its requests, where one does."""

    path: Path
    name: str
    reason: str
    first: Path | None = None


@dataclass(frozen=True, slots=True)
class Ineffective:
    """A match that an earlier one, in the rule `first`, makes useless. `name` is that of the match, `rule` of its rule."""

    path: Path
    name: str
    rule: str
    reason: str
    first: Path


@dataclass(frozen=True, slots=True)
class _Prefix:
    """A match by URI prefix, in the words that are compared."""

    path: Path
    name: str
    rule: str
    prefix: str
    port: int
    method: str
    authority: str
    maps: tuple[Mapping[str, str], ...]


def unreachable(service: VirtualService) -> Iterator[Unreachable | Ineffective]:
    """What is never reached in the http, tcp and tls rules of a VirtualService."""
    blocks: tuple[Block, ...] = ("http", "tcp", "tls")
    for block in blocks:
        seen: dict[str, tuple[Path, str]] = {}
        catch_all: Path | None = None
        prefixes: list[_Prefix] = []
        for path, rule in service.rules(block):
            name, matches = _named(block, rule, path[-1]), items(rule.get("match"))
            if catch_all is not None:
                reason = (
                    "a rule without a match stands before it" if matches else "only the last rule can have no match"
                )
                yield Unreachable(path, name, reason, catch_all)
            if not matches:
                catch_all = path
            if not matches or catch_all is not None:
                continue
            repeated = 0
            for place, match in entries(matches, (*path, "match")):
                written, own = _written(match), _named(block, match, place[-1])
                if written in seen:
                    repeated += 1
                    first_path, first_name = seen[written]
                    yield Ineffective(place, own, name, f"the same match stands in rule {first_name}", first_path)
                    continue
                seen[written] = (path, name)
                if block == "http" and (prefix := _prefix(place, own, name, match)):
                    prefixes.append(prefix)
            if repeated == len(matches):
                yield Unreachable(path, name, "all of its matches stand in earlier rules")
        yield from _covered(prefixes)


def _named(block: Block, value: Mapping[str, Any], position: str | int) -> str:
    """How Istio calls a rule or match: its name in quotes (in http alone they have one), else its position from 0."""
    name = text(value.get("name")) if block == "http" else ""
    return f'"{name}"' if name else f"#{position}"


def _covered(prefixes: list[_Prefix]) -> Iterator[Ineffective]:
    for position, first in enumerate(prefixes):
        for later in prefixes[position + 1 :]:
            if first.prefix != later.prefix and _covers(first, later):
                reason = f"the prefix {first.prefix} of match {first.name} in rule {first.rule} covers its prefix {later.prefix}"
                yield Ineffective(later.path, later.name, later.rule, reason, first.path)


def _covers(first: _Prefix, later: _Prefix) -> bool:
    if not later.prefix.startswith(first.prefix) or first.port != later.port:
        return False
    if not first.method.startswith(later.method) or not first.authority.startswith(later.authority):
        return False
    return all(
        mine.keys() == theirs.keys() and all(value.startswith(theirs[key]) for key, value in mine.items())
        for mine, theirs in zip(first.maps, later.maps, strict=True)
    )


def _prefix(path: Path, name: str, rule: str, match: Mapping[str, Any]) -> _Prefix | None:
    uri = mapping(match.get("uri"))
    if not text(uri.get("prefix")):
        return None
    maps = tuple(
        {key: _exact_or_prefix(value) for key, value in mapping(match.get(field)).items()}
        for field in ("headers", "queryParams", "withoutHeaders")
    )
    method = _exact_or_prefix(match.get("method")) or "GET"
    authority = _exact_or_prefix(match.get("authority"))
    return _Prefix(path, name, rule, text(uri.get("prefix")), number(match.get("port")), method, authority, maps)


def _exact_or_prefix(match: object) -> str:
    found = mapping(match)
    return text(found.get("exact")) or text(found.get("prefix"))


def _written(match: Mapping[str, Any]) -> str:
    """A match as it is compared: its name and what has no value left out, keys in order."""
    import json

    told = {
        key: value
        for key, value in match.items()
        if key != "name" and value is not None and (value or (key in _MESSAGES and isinstance(value, dict)))
    }
    return json.dumps(told, sort_keys=True, default=str)
