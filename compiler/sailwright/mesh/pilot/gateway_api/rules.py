"""Rules of HTTPRoute and GRPCRoute in the words of a VirtualService: one for each match, the most specific first.

Source: Istio `pilot/pkg/config/kube/gateway` (conversion.go: convertHTTPRoute, convertGRPCRoute, sortHTTPRoutes).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sailwright.mesh.pilot.gateway_api.backends import Backends
from sailwright.mesh.pilot.gateway_api.filters import filters_of, header_operations, redirect, rewrite
from sailwright.mesh.pilot.virtual_services import Rule
from sailwright.mesh.values.duration import nanoseconds
from sailwright.mesh.values.kinds import GRPC_ROUTE, kind_of
from sailwright.source.manifest import Manifest
from sailwright.source.untyped import entries, items, mapping, number, text

RETRY_ON = ("connect-failure", "refused-stream", "unavailable", "cancelled")
DEFAULT_ATTEMPTS = 2
URI_RANKS = {"exact": 3, "pathSeparatedPrefix": 2, "prefix": 2, "regex": 1}
REGULAR = "RegularExpression"


def http_rules(route: Manifest, backends: Backends, port: int = 0) -> list[Rule]:
    """The rules of an HTTPRoute or a GRPCRoute; `port` is the one that a parent Service's reference names.

    A backend that istiod cannot read takes the whole route out of force.
    """
    found: list[Rule] = []
    if not all(backends.sound(rule) for _, rule in entries(route.spec.get("rules"), ())):
        return found
    grpc = kind_of(route.api_version, route.kind) == GRPC_ROUTE
    for path, rule in entries(route.spec.get("rules"), ("spec", "rules")):
        name = text(rule.get("name")) or f"{route.namespace or 'default'}.{route.name}.{path[-1]}"
        matches = [
            (place, _grpc_match(match) if grpc else _match(match))
            for place, match in entries(rule.get("matches"), (*path, "matches"))
        ]
        if not matches:
            matches = [(path, {} if grpc else {"uri": {"prefix": "/"}})]
        for place, match in matches:
            entry = {**match, "port": port} if port else match
            value = {"name": name, **_action(rule, match, backends)}
            found.append(Rule({**value, "match": [entry]} if entry else value, route, path, match_path=place))
    return found


def by_specificity(rules: list[Rule]) -> list[Rule]:
    """Rules in the order in which they are tried: by path, then method, then the number of headers and parameters."""
    return sorted(rules, key=_specificity)


Specificity = tuple[bool, int, int, bool, int, int]


def specificity(match: Mapping[str, Any], *, grpc: bool = False) -> Specificity:
    """What a match of an HTTPRoute (or GRPCRoute) is sorted by: the smaller is tried first."""
    return _of_match(_grpc_match(match) if grpc else _match(match))


def _specificity(rule: Rule) -> Specificity:
    matches = rule.value.get("match")
    return _of_match(matches[0] if matches else {})


def _of_match(match: Mapping[str, Any]) -> Specificity:
    if not match:
        return True, 0, 0, False, 0, 0
    kind, value = next(iter((match.get("uri") or {}).items()), ("", ""))
    return (
        False,
        -URI_RANKS.get(kind, -1),
        -len(value),
        match.get("method") is None,
        -len(match.get("headers") or ()),
        -len(match.get("queryParams") or ()),
    )


def _match(match: Mapping[str, Any]) -> dict[str, Any]:
    path = mapping(match.get("path"))
    value = "/" if path.get("value") is None else text(path["value"])
    if path.get("type") == "Exact":
        uri = {"exact": value}
    elif path.get("type") == REGULAR:
        uri = {"regex": value}
    else:
        prefix = value.removesuffix("/")
        uri = {"pathSeparatedPrefix": prefix} if prefix else {"prefix": "/"}
    found: dict[str, Any] = {"uri": uri}
    if match.get("method"):
        found["method"] = {"exact": text(match["method"])}
    return {**found, **_named(match, "headers"), **_named(match, "queryParams")}


def _grpc_match(match: Mapping[str, Any]) -> dict[str, Any]:
    given = mapping(match.get("method"))
    service, method = text(given.get("service")), text(given.get("method"))
    found: dict[str, Any] = {}
    if service or method:
        regular = given.get("type") == REGULAR
        if not method:
            found["uri"] = {"regex": f"/{service}/.+"} if regular else {"pathSeparatedPrefix": f"/{service}"}
        elif not service:
            found["uri"] = {"regex": f"/[^/]+/{method}"}
        else:
            found["uri"] = {"regex" if regular else "exact": f"/{service}/{method}"}
    return {**found, **_named(match, "headers")}


def _named(match: Mapping[str, Any], key: str) -> dict[str, Any]:
    """The conditions on headers or parameters; of a name that comes twice the first counts."""
    found: dict[str, Any] = {}
    for _, wanted in entries(match.get(key), ()):
        kind = "regex" if wanted.get("type") == REGULAR else "exact"
        found.setdefault(text(wanted.get("name")), {kind: text(wanted.get("value"))})
    return {key: found} if found else {}


def _action(rule: Mapping[str, Any], match: Mapping[str, Any], backends: Backends) -> dict[str, Any]:
    uri = match.get("uri") or {}
    value: dict[str, Any] = {
        "headers": header_operations(rule),
        "redirect": redirect(rule),
        "rewrite": rewrite(rule, uri.get("pathSeparatedPrefix") or uri.get("prefix") or ""),
        "mirrors": list(_mirrors(rule, backends)),
        **_times(rule),
    }
    targets = backends.targets(rule)
    if targets:
        value["route"] = targets
    elif value["redirect"] is None:
        value["directResponse"] = {"status": 500}
    return {key: item for key, item in value.items() if item not in (None, {}, [])}


def _mirrors(rule: Mapping[str, Any], backends: Backends) -> Iterator[dict[str, Any]]:
    for given in filters_of(rule, "RequestMirror", "requestMirror"):
        fraction = mapping(given.get("fraction"))
        share = 100.0
        if fraction:
            share = 100 * number(fraction.get("numerator")) / (number(fraction.get("denominator")) or 100)
        elif given.get("percent") is not None:
            share = float(number(given["percent"]))
        found = backends.destination(mapping(given.get("backendRef")))
        if backends.exists(found):
            yield {"destination": found, "percentage": {"value": share}}


def _times(rule: Mapping[str, Any]) -> dict[str, Any]:
    """Timeout and retries. `backendRequest` is the time of each attempt; without `retry` it is that of the request."""
    timeouts, retry = mapping(rule.get("timeouts")), rule.get("retry")
    found: dict[str, Any] = {}
    if _positive(timeouts.get("request")):
        found["timeout"] = timeouts["request"]
    if isinstance(retry, dict):
        codes = [str(code) for code in items(retry.get("codes"))]
        attempts = DEFAULT_ATTEMPTS if retry.get("attempts") is None else number(retry["attempts"])
        found["retries"] = {"attempts": attempts, "retryOn": ",".join((*RETRY_ON, *codes))}
    if _positive(timeouts.get("backendRequest")):
        if "retries" in found:
            found["retries"]["perTryTimeout"] = timeouts["backendRequest"]
        else:
            found["timeout"] = timeouts["backendRequest"]
    return found


def _positive(duration: object) -> bool:
    return isinstance(duration, str) and bool(nanoseconds(duration))
