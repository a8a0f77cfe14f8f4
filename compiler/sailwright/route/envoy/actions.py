"""What a rule does with the requests it takes: send them on, redirect them, or answer them itself."""

from __future__ import annotations

import binascii
from collections.abc import Callable, Mapping
from typing import Any

from sailwright.route.envoy import route_policies as policies
from sailwright.route.envoy.headers import Operations, host_rewrite, operations
from sailwright.runtime.records import dataclass, field

ROUTE, REDIRECT, DIRECT_RESPONSE = "route", "redirect", "direct response"
NOT_FOUND, PASSTHROUGH, BLOCKED = "not found", "passthrough", "blocked"
UNDECIDED = "cannot decide"
REFUSED = "refused"
"""Of callers without a proxy: nobody takes the connection, or what the callee demands of it is missing."""
REDIRECT_CODES = frozenset({301, 302, 303, 307, 308})
BODILESS = frozenset({204, 304})
DEFAULT_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class ClusterLookup:
    """How a destination becomes a cluster for one caller and port, and what of the mesh an action needs besides.

    `port_of` gives the port of a destination that names none; `concrete` the host an ExternalName leads to; `knows` tells
    whether the caller has a cluster for (host, port, subset); `retry_policy` is MeshConfig's `defaultHttpRetryPolicy`.
    `prefix_redirects` tells whether the release knows `redirect.prefixRewrite` (1.31 and later).
    """

    listener_port: int
    port_of: Callable[[str], int]
    concrete: Callable[[str], str]
    knows: Callable[[str, int, str], bool]
    retry_policy: object
    tls: bool = False
    prefix_redirects: bool = True


@dataclass(frozen=True, slots=True)
class Forwarding:
    """What becomes of a request on its way to one destination: the host it gets (empty: its own) and its headers."""

    authority: str = ""
    levels: tuple[Operations, ...] = ()


@dataclass(frozen=True, slots=True)
class Action:
    """`fixed` are the fields of the answer that no request changes. `forwardings` holds one entry where all destinations agree."""

    kind: str
    fixed: Mapping[str, Any]
    rewrite: Mapping[str, Any] = field(default_factory=dict)
    forwardings: tuple[Forwarding, ...] = (Forwarding(),)
    response: tuple[Operations, ...] = ()
    redirect: Mapping[str, Any] | None = None


def undecided(reason: str) -> Action:
    """An action that cannot be known, and why."""
    return Action(UNDECIDED, {"reason": reason})


def action(rule: Mapping[str, Any], clusters: ClusterLookup) -> Action:
    """The action of a rule: a redirect beats a direct response, which beats a route."""
    if rule.get("redirect") is not None:
        return _redirect(rule["redirect"], clusters)
    if rule.get("directResponse") is not None:
        return _direct_response(rule["directResponse"])
    if not rule.get("route"):
        return undecided("the rule has no route, redirect or directResponse; istiod refuses it")
    return _route(rule, clusters)


def default_route(host: str, port: int, clusters: ClusterLookup) -> Action:
    """The route of a service that no VirtualService claims."""
    return _route({"route": [{"destination": {"host": host, "port": {"number": port}}}]}, clusters)


def destination(given: Mapping[str, Any], clusters: ClusterLookup) -> dict[str, Any]:
    """Where a destination of a rule leads: host, port, subset, and `unknown` where the caller has no such cluster.

    A backend that a route of the Gateway API may not name is `invalid`, and nothing else is known of it.
    """
    if given.get("invalid"):
        return {"invalid": True}
    host = clusters.concrete(given["host"])
    port = (given.get("port") or {}).get("number") or clusters.port_of(given["host"])
    subset = given.get("subset") or ""
    found: dict[str, Any] = {"host": host, "port": port}
    if subset:
        found["subset"] = subset
    if not clusters.knows(host, port, subset):
        found["unknown"] = True
    return found


def weighted(targets: list[Mapping[str, Any]], clusters: ClusterLookup) -> list[dict[str, Any]]:
    """The destinations that get traffic, each with its weight; a single one gets all of it, whatever its weight."""
    if len(targets) == 1:
        return [{**destination(targets[0]["destination"], clusters), "weight": 100}]
    return [
        {**destination(target["destination"], clusters), "weight": target["weight"]}
        for target in targets
        if target.get("weight")
    ]


def _route(rule: Mapping[str, Any], clusters: ClusterLookup) -> Action:
    targets = rule["route"]
    destinations = weighted(targets, clusters)
    if not destinations:
        return undecided("every destination has weight 0; istiod refuses the rule")
    fixed: dict[str, Any] = {"destinations": destinations}
    optional = {
        "timeout": policies.timeout(rule),
        "retries": policies.retries(rule, clusters.retry_policy),
        "fault": policies.fault(rule),
        "mirrors": [{**destination(given, clusters), "percentage": share} for given, share in policies.mirrors(rule)],
    }
    fixed.update((key, value) for key, value in optional.items() if value)
    rewrite = rule.get("rewrite") or {}
    taking = targets if len(targets) == 1 else [target for target in targets if target.get("weight")]
    return Action(
        ROUTE,
        fixed,
        rewrite,
        tuple(dict.fromkeys(_forwarding(rule, target) for target in taking)),
        _levels(rule, taking[0], "response"),
    )


def _forwarding(rule: Mapping[str, Any], target: Mapping[str, Any]) -> Forwarding:
    """A host that the rule sets beats the destination's."""
    general = (rule.get("rewrite") or {}).get("authority") or host_rewrite(rule.get("headers"))
    return Forwarding(general or host_rewrite(target.get("headers")), _levels(rule, target, "request"))


def _levels(rule: Mapping[str, Any], target: Mapping[str, Any], side: str) -> tuple[Operations, ...]:
    """The header operations for a destination, level by level; those of a single one are joined to the rule's."""
    general, own = operations(rule.get("headers"), side), operations(target.get("headers"), side)
    return (general.then(own),) if len(rule["route"]) == 1 else (own, general)


def _redirect(given: Mapping[str, Any], clusters: ClusterLookup) -> Action:
    code = given.get("redirectCode") or 301
    if code not in REDIRECT_CODES:
        return undecided(f"istiod cannot write redirectCode {code}, so Envoy refuses the route")
    port = given.get("port") or 0
    if given.get("derivePort") == "FROM_REQUEST_PORT":
        port = clusters.listener_port
    if not clusters.prefix_redirects:
        given = {key: value for key, value in given.items() if key != "prefixRewrite"}
    scheme = given.get("scheme") or ("https" if clusters.tls else "http")
    if DEFAULT_PORTS.get(scheme) == port:
        port = 0
    return Action(REDIRECT, {"status": code}, redirect={**given, "port": port})


def _direct_response(given: Mapping[str, Any]) -> Action:
    body = given.get("body") or {}
    status = given.get("status") or 0
    text = body.get("string") or ""
    if body.get("bytes"):
        try:
            text = binascii.a2b_base64(body["bytes"]).decode(errors="replace")
        except binascii.Error:
            return undecided("directResponse.body.bytes is not base64; istiod refuses the rule")
    return Action(DIRECT_RESPONSE, {"status": status, "body": "" if status in BODILESS else text})
