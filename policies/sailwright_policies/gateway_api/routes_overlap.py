"""Two routes of one parent with the same match are both accepted, and only one of them ever takes a request.

The older object wins, then the one whose namespace and name come first; no file shows the age. Within one route the first rule wins.
"""

from __future__ import annotations

import json
from collections.abc import Hashable, Iterator, Mapping
from typing import Any

from sailwright.diagnostics.finding import Path, Severity
from sailwright.lint.kinds import HTTP_OR_GRPC_ROUTE
from sailwright.lint.rule import Problem
from sailwright.mesh.index import Index
from sailwright.mesh.values import kinds
from sailwright.mesh.world import World
from sailwright.source.manifest import Manifest
from sailwright.source.untyped import entries, mapping, text, texts

ID = "routes-overlap"
KIND = HTTP_OR_GRPC_ROUTE
SEVERITY: Severity = "warning"
ALIASES: tuple[str, ...] = ()

BAD = """
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: one, namespace: shop}
spec:
  parentRefs: [{name: public}]
  hostnames: [shop.example.com]
  rules:
    - matches: [{path: {type: PathPrefix, value: /cart}}]
      backendRefs: [{name: cart, port: 80}]
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: two, namespace: shop}
spec:
  parentRefs: [{name: public}]
  hostnames: [shop.example.com]
  rules:
    - matches:
        - path: {value: /cart}  # finding
      backendRefs: [{name: basket, port: 80}]
"""
GOOD = BAD.replace("{value: /cart}  # finding", "{value: /basket}")

_WHOLE = {"path": {"type": "PathPrefix", "value": "/"}}
"""The match of a rule that has none."""

Key = tuple[Hashable, ...]


def check(route: Manifest, mesh: World) -> Iterator[Problem]:
    """Each rule whose match an earlier rule of the route has, or another route of the same parent and host."""
    seen: dict[str, tuple[Path, str]] = {}
    for path, match, does in _matches(route):
        before = seen.setdefault(match, (path, does))
        if before[0] != path and before[1] != does:
            message = "a rule before this one has the same match, and takes all of its requests"
            yield Problem(
                route, path, message, "give it another match, or remove it", ((route, before[0], "the same match"),)
            )
        elif before[0] == path and (other := _other(route, match, does, mesh.index)) is not None:
            title = f"{other[0].kind} {mesh.index.namespace_of(other[0])}/{other[0].name}"
            yield Problem(
                route,
                path,
                f"{title} has the same match for the same parent and host: only the older of the two takes requests",
                "give one of them another match, or put both rules into one route",
                ((*other, "the same match"),),
            )


def _other(route: Manifest, match: str, does: str, index: Index) -> tuple[Manifest, Path] | None:
    """A route before this one, by namespace and name, that does something else with a match at one of its places."""
    own = (index.namespace_of(route), route.name)
    for place in _places(route, index):
        for found in index.derived(_attached).get((route.kind, *place, match), ()):
            other, path, otherwise = found
            if (index.namespace_of(other), other.name) < own and otherwise != does:
                return other, path
    return None


def _attached(index: Index) -> Mapping[Key, list[tuple[Manifest, Path, str]]]:
    """The rules of all routes by kind, place and match."""
    found: dict[Key, list[tuple[Manifest, Path, str]]] = {}
    for route in index.of(kinds.HTTP_ROUTE, kinds.GRPC_ROUTE):
        for place in _places(route, index):
            for path, match, does in _matches(route):
                found.setdefault((route.kind, *place, match), []).append((route, path, does))
    return found


def _places(route: Manifest, index: Index) -> Iterator[Key]:
    """Where it is attached, and for which host."""
    hosts = texts(route.spec.get("hostnames")) or ["*"]
    for parent in _parents(route, index):
        for host in hosts if parent[0] == "Gateway" else ["*"]:
            yield (*parent, host.lower())


def _matches(route: Manifest) -> list[tuple[Path, str, str]]:
    """Each match of its rules: the path, the match in one spelling, and what the rule does with it."""
    found = []
    for path, rule in entries(route.spec.get("rules"), ("spec", "rules")):
        does = _text({key: value for key, value in rule.items() if key not in ("matches", "name")})
        own = list(entries(rule.get("matches"), (*path, "matches")))
        found += [((*place, "path") if "path" in each else place, _match(each), does) for place, each in own]
        if not own:
            found.append((path, _match({}), does))
    return found


def _match(match: Mapping[str, Any]) -> str:
    """A match with its defaults; names of headers are compared without case, in any order."""
    value: dict[str, Any] = dict(match)
    if "path" in match or set(match) <= {"headers", "queryParams", "method"}:
        value["path"] = {**_WHOLE["path"], **mapping(match.get("path"))}
    for key in ("headers", "queryParams"):
        named = [{"type": "Exact", **each} for _, each in entries(match.get(key), ())]
        if key == "headers":
            named = [{**each, "name": text(each.get("name")).lower()} for each in named]
        value.pop(key, None)
        if named:
            value[key] = sorted(named, key=_text)
    return _text(value)


def _text(value: Any) -> str:
    return json.dumps(value, sort_keys=True, default=str)


def _parents(route: Manifest, index: Index) -> Iterator[Key]:
    """What it is attached to: each listener of a Gateway, or a Service for the callers of its own namespace or of all."""
    own = index.namespace_of(route)
    for _, parent in entries(route.spec.get("parentRefs"), ()):
        kind, name = text(parent.get("kind")) or "Gateway", text(parent.get("name"))
        namespace, section = text(parent.get("namespace")) or own, text(parent.get("sectionName"))
        if kind == "Service":
            yield kind, namespace, name, parent.get("port"), "" if namespace == own else own
            continue
        gateway = index.find(kinds.KUBERNETES_GATEWAY, namespace, name)
        listeners = [found for _, found in entries(gateway.spec.get("listeners"), ())] if gateway else []
        chosen = [text(found.get("name")) for found in listeners if _is_chosen(found, section, parent.get("port"))]
        for each in chosen or [section]:
            yield kind, namespace, name, each


def _is_chosen(listener: Mapping[str, Any], section: str, port: Any) -> bool:
    return section in ("", listener.get("name")) and port in (None, listener.get("port"))
