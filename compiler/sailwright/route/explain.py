"""What happens to a request, step by step, each with its file and line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sailwright.mesh.pilot.sidecar_scope import Caller, Scope
from sailwright.mesh.pilot.virtual_services import Rule
from sailwright.route.envoy.actions import DIRECT_RESPONSE, ROUTE
from sailwright.route.envoy.matchers import value_of
from sailwright.route.envoy.outbound import dialled_service
from sailwright.route.envoy.route_table import Route, RouteConfiguration, SkippedMatch
from sailwright.route.request import HTTP, NormalizedRequest, Request, without_port
from sailwright.route.simulator import RouteMatch, Simulator
from sailwright.route.virtual_host_reasons import claim_lines, host_lines
from sailwright.route.wording import demand, failure, line, outcome, place, quoted, shares, target
from sailwright.source.manifest import Manifest
from sailwright.source.untyped import labels, mapping

CONNECTIONS = frozenset({"tcp", "tls"})
"""The schemes of a URL that ask about bytes, not about a request."""


def explain(simulator: Simulator, caller: Caller, request: Request) -> list[str]:
    """The lines for one request: the caller, the host, the VirtualService and why, each rule tried, and what happens."""
    normalized = simulator.normalized(request)
    caller = simulator.at_port(caller, request.port)
    if caller.plain:
        return [*_opening(simulator, caller, request, normalized), *_plain(simulator.answer(caller, request))]
    if caller.ambient:
        route = simulator.match(caller, request, normalized).route
        answer = simulator.answer(caller, request)
        return [*_opening(simulator, caller, request, normalized), *_ambient(answer, route)]
    scope = simulator.scope(caller)
    matched = simulator.match(caller, request, normalized)
    answer = simulator.answer(caller, request)
    lines = [*_opening(simulator, caller, request, normalized)]
    if answer.get("protocol"):
        lines += _connection(answer)
    elif matched.host is not None and matched.answer is None and matched.host.https_only and request.scheme == HTTP:
        lines.append(line("rules", "none applies: the server has httpsRedirect"))
    elif matched.host is None and request.scheme in CONNECTIONS:
        lines += _unconnected(answer, request, scope)
    elif matched.host is None or matched.answer is None:
        lines += host_lines(matched.host, request, scope)
        lines += claim_lines(matched.host, scope, request)
        lines += _rules(matched, normalized)
    return [*lines, *_result(answer, scope)]


def explain_hosts(table: RouteConfiguration, port: int) -> list[str]:
    """The virtual hosts of a port, with their names and what decides about each."""
    lines = [f"port {port}: {len(table.hosts)} virtual host{'s' if len(table.hosts) != 1 else ''}"]
    for host in sorted(table.hosts, key=lambda found: found.host):
        owner = host.virtual_service
        lines.append(f"  {host.host}  " + (f"{owner.kind} {owner.title}" if owner else "no VirtualService"))
        lines.append(f"    {', '.join(host.domains)}")
    return lines


def _opening(simulator: Simulator, caller: Caller, request: Request, normalized: NormalizedRequest) -> Iterator[str]:
    carried = f" ({', '.join(f'{key}={value}' for key, value in caller.labels)})" if caller.labels else ""
    yield line("request", f"{_asked(request)} to port {request.port}")
    if normalized.path != request.path.partition("?")[0]:
        yield line("", f"the proxy normalises the path to {normalized.path}")
    source = f"gateway {caller.gateway}" if caller.gateway else f"a workload of namespace {caller.namespace}{carried}"
    yield line("from", f"{source}, Istio {simulator.push_context.istio_version}")
    if caller.plain:
        yield line("", f"without a proxy: {caller.plain}")
        return
    if caller.ambient:
        yield line("", f"in ambient mode: {caller.ambient}")
        return
    sidecar = simulator.scope(caller).sidecar
    if sidecar is not None:
        yield line("", f"whose egress Sidecar {sidecar.name} narrows ({place(sidecar)})")
    yield from _filters(simulator, caller)


def _asked(request: Request) -> str:
    target = f"{request.scheme}://{request.authority}"
    return f"a connection {target}" if request.scheme in CONNECTIONS else f"{request.method} {target}{request.path}"


def _filters(simulator: Simulator, caller: Caller) -> Iterator[str]:
    """The EnvoyFilters that apply to the caller's proxy: what they patch is not simulated."""
    places = (caller.namespace, simulator.push_context.root_namespace)
    for manifest in simulator.push_context.envoy_filters:
        selector = labels(mapping(manifest.spec.get("workloadSelector")).get("labels"))
        if (manifest.namespace or "default") in places and selector.items() <= caller.label_map.items():
            yield line("", f"EnvoyFilter {manifest.name} ({place(manifest)}) may change this: it is not simulated")


def _plain(answer: Mapping[str, Any]) -> Iterator[str]:
    """What becomes of a request that no proxy of the caller sees."""
    yield line("rules", "none: a caller without a proxy applies no VirtualService, timeout, retry or mTLS")
    if answer["kind"] != ROUTE:
        yield line("result", outcome(answer))
        return
    for part, destination in shares(answer["destinations"]):
        yield line("goes to", f"{part} {target(destination)}")
        pods = ", ".join(destination.get("pods", ())) or "the Service, which the input does not hold"
        yield line("", f"kube-proxy spreads the connections over all ready pods of {pods}")


def _ambient(answer: Mapping[str, Any], route: Route | None) -> Iterator[str]:
    """What becomes of a request that ztunnel takes from its caller."""
    if answer.get("waypoint"):
        yield line("waypoint", f"{answer['waypoint']} takes it: its routes and policies apply")
        if route is not None and route.rule is not None and route.owner is not None:
            yield line("rules", f"{route.owner.kind} {route.owner.title}, {_route_title(route)}")
        else:
            yield line("rules", "no route is attached to the service: the waypoint passes the request on")
    else:
        yield line("rules", "none: without a waypoint no route, timeout or retry applies to a caller in ambient mode")
    if answer["kind"] != ROUTE:
        yield line("result", outcome(answer))
        return
    label = "goes to"
    for part, destination in shares(answer["destinations"]):
        yield line(label, f"{part} {target(destination)}")
        label = ""
        if destination.get("pods"):
            yield line("", f"ztunnel spreads the connections over all ready pods of {', '.join(destination['pods'])}")
    yield from _policies(answer)


def _connection(answer: Mapping[str, Any]) -> Iterator[str]:
    """A connection whose bytes no HTTP rule sees."""
    yield line("rules", f"the proxy sees {answer['protocol'].upper()} only, so no HTTP rule applies")
    owner = answer.get("virtualService")
    yield line("", f"VirtualService {owner}" if owner else "no VirtualService has a rule for it")


def _unconnected(answer: Mapping[str, Any], request: Request, scope: Scope) -> Iterator[str]:
    """A connection that no rule and no service takes; where the answer has a reason, that says it all."""
    if answer.get("reason"):
        return
    service = dialled_service(scope, without_port(request.authority).lower(), request.port)
    if service is None:
        yield from host_lines(None, request, scope)
        return
    yield line("host", f"{request.authority} is {service.host} ({place(service.manifest)})")
    yield line("rules", f"the tls rules for port {request.port} take other names, and then nothing else is let in")


def _rules(matched: RouteMatch, normalized: NormalizedRequest) -> Iterator[str]:
    host = matched.host
    if host is None:
        return
    left_out = [(_order(skipped), skipped) for skipped in host.skipped]
    for route in host.routes:
        while left_out and left_out[0][0] < _order(route):
            skipped = left_out.pop(0)[1]
            yield line("  -", f"{_title(skipped.rule, skipped.entry)}: {skipped.reason}")
        if route is matched.route:
            met = "; ".join(demand(condition) for condition in route.conditions) or "it takes everything"
            yield line("  =>", f"{_route_title(route)}: {met}")
            return
        broken = next((found for found in route.conditions if not found.holds(value_of(found, normalized))), None)
        if broken is not None:
            yield line("  -", f"{_route_title(route)}: {failure(broken, normalized)}")
    for _, skipped in left_out:
        yield line("  -", f"{_title(skipped.rule, skipped.entry)}: {skipped.reason}")
    yield line("", "no rule takes it")


def _order(found: Route | SkippedMatch) -> tuple[int, int]:
    """Where a match entry stands among those of its VirtualService."""
    if found.rule is None or found.owner is None:
        return 0, 0
    return found.owner.rules.index(found.rule), found.entry or 0


def _route_title(route: Route) -> str:
    return f"rule {quoted(route.name)}" if route.rule is None else _title(route.rule, route.entry)


def _title(rule: Rule, entry: int | None) -> str:
    name = rule.value.get("name")
    index = rule.path[-1]
    title = f"rule {quoted(name)}" if name else f"rule {int(index) + 1}"
    if entry is not None and len(rule.value.get("match") or ()) > 1:
        title += f", match {entry + 1}"
    delegated = f", by way of {place(*rule.via)}" if rule.via else ""
    return f"{title} ({place(rule.manifest, rule.place_of(entry))}{delegated})"


def _result(answer: Mapping[str, Any], scope: Scope) -> Iterator[str]:
    """The lines about what happens to a request in the end."""
    if answer["kind"] != ROUTE:
        yield line("result", outcome(answer))
        if answer["kind"] == DIRECT_RESPONSE and answer.get("body"):
            yield line("body", answer["body"])
        return
    label = "goes to"
    for part, destination in shares(answer["destinations"]):
        yield line(label, f"{part} {target(destination)}")
        label = ""
        if destination.get("waypoint"):
            yield line("", f"through waypoint {destination['waypoint']}, whose policies apply")
        if destination.get("pastWaypoint"):
            yield line("", f"bypasses waypoint {destination['pastWaypoint']}: its policies and routes do not apply")
    for manifest in _subset_rules(answer, scope):
        title = f"{manifest.namespace or 'default'}/{manifest.name}"
        yield line("subsets", f"DestinationRule {title} ({place(manifest)})")
    yield from _policies(answer)


def _subset_rules(answer: Mapping[str, Any], scope: Scope) -> list[Manifest]:
    """The DestinationRules that define the subsets of an answer."""
    found: dict[Manifest, None] = {}
    for destination in answer["destinations"]:
        service = scope.services.get(destination.get("host", ""))
        rule = scope.destination_rule(service) if service and destination.get("subset") else None
        found.update(dict.fromkeys(rule.manifests if rule else ()))
    return list(found)


def _policies(answer: Mapping[str, Any]) -> Iterator[str]:
    upstream = answer.get("upstream")
    if upstream is None:
        return
    headers = "".join(f", {name}: {value}" for name, value in sorted(upstream["headers"].items()))
    yield line("arrives", f"as {upstream['path']}, Host {upstream['authority']}{headers}")
    if upstream.get("note"):
        yield line("", upstream["note"])
    yield line("timeout", answer.get("timeout", "none"))
    retries = answer.get("retries")
    if retries is None:
        yield line("retries", "none")
    else:
        codes = f" {retries['statusCodes']}" if retries.get("statusCodes") else ""
        per_try = f", {retries['perTryTimeout']} each" if retries.get("perTryTimeout") else ""
        yield line("retries", f"{retries['attempts']} on {retries['on']}{codes}{per_try}")
    for name, fault in answer.get("fault", {}).items():
        what = fault.get("fixed") or fault.get("httpStatus") or f"gRPC status {fault.get('grpcStatus')}"
        yield line("fault", f"{name} {what} for {fault['percentage']:g} % of the requests")
    for mirror in answer.get("mirrors", ()):
        yield line("mirror", f"{mirror['percentage']:g} % to {target(mirror)}")
    for name, value in answer.get("response", {}).items():
        yield line("response", f"{name}: {value}")
