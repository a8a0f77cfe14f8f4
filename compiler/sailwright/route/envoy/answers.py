"""Answers: what Envoy does with a request, as plain data for JSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sailwright.mesh.pilot.sidecar_scope import Scope
from sailwright.mesh.values.re2 import compiled, replaced
from sailwright.route.envoy.actions import BLOCKED, NOT_FOUND, PASSTHROUGH, REDIRECT, ROUTE, UNDECIDED, Action
from sailwright.route.envoy.headers import apply
from sailwright.route.envoy.matchers import EXACT, PATH, PREFIX, SEPARATED
from sailwright.route.envoy.route_table import Route
from sailwright.route.request import NormalizedRequest, Request

Answer = dict[str, Any]

BAD_GATEWAY = 502
FORWARDED_PREFIX = "x-"
"""Of the request's own headers an answer shows those of this prefix: the others decide nothing at the next hop."""


def unrouted(scope: Scope) -> Answer:
    """The answer for a host that the caller's proxy does not know."""
    if not scope.allow_any:
        return {"kind": BLOCKED, "status": BAD_GATEWAY}
    if scope.egress_proxy:
        return {"kind": PASSTHROUGH, "destinations": [{**scope.egress_proxy, "weight": 100}]}
    return {"kind": PASSTHROUGH}


def answer(route: Route | None, normalized: NormalizedRequest, request: Request) -> Answer:
    """The answer of the route that takes a request; None stands for none of the host's."""
    if route is None:
        return {"kind": NOT_FOUND, "status": 404}
    if route.unknowable:
        return undecidable(route.unknowable)
    action = route.action
    result: Answer = {"kind": action.kind, **action.fixed}
    if route.owner is not None and route.owner.answer_title:
        result["virtualService"] = route.owner.answer_title
    if route.name:
        result["name"] = route.name
    if action.kind == ROUTE and not all(target.get("invalid") for target in action.fixed["destinations"]):
        _forward(result, route, action, normalized, request)
    elif action.kind == REDIRECT and action.redirect is not None:
        result["location"] = _location(action.redirect, route, normalized, request)
    return result


def to_https(normalized: NormalizedRequest, request: Request) -> Answer:
    """The answer of a gateway server with `httpsRedirect`."""
    location = f"https://{request.authority}{normalized.path}{normalized.query}"
    return {"kind": REDIRECT, "status": 301, "location": location}


def undecidable(reason: str) -> Answer:
    """The answer where a fact is missing."""
    return {"kind": UNDECIDED, "reason": reason}


def _forward(result: Answer, route: Route, action: Action, normalized: NormalizedRequest, request: Request) -> None:
    own = {name: value for name, value in normalized.headers.items() if name.startswith(FORWARDED_PREFIX)}
    forwarding = action.forwardings[0]
    result["upstream"] = upstream = {
        "path": rewritten(action.rewrite, route, normalized) + normalized.query,
        "authority": forwarding.authority or request.authority,
        "headers": apply(forwarding.levels, own),
    }
    if len(action.forwardings) > 1:
        upstream["note"] = "as the first destination gets it: the rule changes it for each in another way"
    added = apply(action.response, {})
    if added:
        result["response"] = added


def rewritten(rewrite: Mapping[str, Any], route: Route, normalized: NormalizedRequest) -> str:
    """The path that reaches the server. A prefix match is replaced alone; an exact or regex match is the whole path."""
    regex = rewrite.get("uriRegexRewrite")
    if regex:
        pattern = compiled(regex.get("match") or "")
        return normalized.path if pattern is None else replaced(pattern, regex.get("rewrite") or "", normalized.path)
    replacement: str = rewrite.get("uri") or ""
    if not replacement:
        return normalized.path
    return replacement + normalized.path[matched_length(route, normalized) :]


def matched_length(route: Route, normalized: NormalizedRequest) -> int:
    """How much of the path the rule's `uri` matched; without one it is the prefix `/`."""
    for condition in route.conditions:
        if condition.subject == PATH:
            return len(condition.value) if condition.kind in (PREFIX, SEPARATED, EXACT) else len(normalized.path)
    return 1


def _location(redirect: Mapping[str, Any], route: Route, normalized: NormalizedRequest, request: Request) -> str:
    scheme = redirect.get("scheme") or request.scheme
    port = f":{redirect['port']}" if redirect["port"] else ""
    host = redirect.get("authority") or _request_host(request, scheme, new_port=bool(port))
    path = redirect.get("uri") or ""
    if path:
        path = path if path.startswith("/") else f"/{path}"
        path += "" if "?" in path else normalized.query
    elif redirect.get("prefixRewrite"):
        path = redirect["prefixRewrite"] + normalized.path[matched_length(route, normalized) :] + normalized.query
    else:
        path = normalized.path + normalized.query
    return f"{scheme}://{host}{port}{path}"


def _request_host(request: Request, scheme: str, *, new_port: bool) -> str:
    """The Host header, without its port where the redirect has another or where it was the old scheme's default."""
    authority = request.authority
    start = authority.rfind("]:") + 1 if authority.startswith("[") else authority.rfind(":")
    if start <= 0:
        return authority
    old_default = {"http": ":80", "https": ":443"}.get(request.scheme) == authority[start:]
    return authority[:start] if new_port or (scheme != request.scheme and old_default) else authority
