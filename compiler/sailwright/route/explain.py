"""The walk of a request through the mesh, told step by step with file and line of each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sailwright.mesh.pilot.service_registry import Service
from sailwright.mesh.pilot.sidecar_scope import Caller, Scope
from sailwright.mesh.pilot.virtual_services import Rule, VirtualService
from sailwright.mesh.values.hosts import covers, overlap
from sailwright.route.envoy.matchers import value_of
from sailwright.route.envoy.outbound import service_domains
from sailwright.route.envoy.route_table import Dropped, HostTable, Route, VirtualHost, without_port
from sailwright.route.envoy.tcp_proxy import dialled_service
from sailwright.route.request import Request, View
from sailwright.route.result import line, place, result
from sailwright.route.simulator import HTTP, Simulator, Taken
from sailwright.route.wording import demand, failure, quoted
from sailwright.source.untyped import labels, mapping

CONNECTIONS = frozenset({"tcp", "tls"})
"""The schemes of a URL that ask about bytes, not about a request."""


def walk(simulator: Simulator, caller: Caller, request: Request) -> list[str]:
    """The lines of the walk: the caller, the host, the VirtualService and why, each rule tried, and what happens."""
    view, scope = simulator.view(request), simulator.scope(caller)
    taken = simulator.take(caller, request, view)
    answer = simulator.answer(caller, request)
    lines = [*_opening(simulator, caller, request, view)]
    if answer.get("protocol"):
        lines += _connection(answer)
    elif taken.host is not None and taken.answer is None and taken.host.https_only and request.scheme == HTTP:
        lines.append(line("rules", "none has a say: the server has httpsRedirect"))
    elif taken.host is None and request.scheme in CONNECTIONS:
        lines += _unconnected(answer, request, scope)
    elif taken.host is None or taken.answer is None:
        lines += _host(taken.host, request, scope)
        lines += _claims(taken.host, scope, request)
        lines += _rules(taken, view)
    return [*lines, *result(answer, scope)]


def explain_hosts(table: HostTable, port: int) -> list[str]:
    """The virtual hosts of a port, with their names and what decides about each."""
    lines = [f"port {port}: {len(table.hosts)} virtual host{'s' if len(table.hosts) != 1 else ''}"]
    for host in sorted(table.hosts, key=lambda found: found.host):
        owner = host.virtual_service
        lines.append(f"  {host.host}  " + (f"VirtualService {owner.title}" if owner else "no VirtualService"))
        lines.append(f"    {', '.join(host.domains)}")
    return lines


def _opening(simulator: Simulator, caller: Caller, request: Request, view: View) -> Iterator[str]:
    carried = f" ({', '.join(f'{key}={value}' for key, value in caller.labels)})" if caller.labels else ""
    yield line("request", f"{_asked(request)} to port {request.port}")
    if view.path != request.path.partition("?")[0]:
        yield line("", f"the proxy normalises the path to {view.path}")
    source = f"gateway {caller.gateway}" if caller.gateway else f"a workload of namespace {caller.namespace}{carried}"
    yield line("from", f"{source}, Istio {simulator.catalog.istio_version}")
    sidecar = simulator.scope(caller).sidecar
    if sidecar is not None:
        yield line("", f"whose egress Sidecar {sidecar.name} narrows ({place(sidecar)})")
    yield from _filters(simulator, caller)


def _asked(request: Request) -> str:
    target = f"{request.scheme}://{request.authority}"
    return f"a connection {target}" if request.scheme in CONNECTIONS else f"{request.method} {target}{request.path}"


def _filters(simulator: Simulator, caller: Caller) -> Iterator[str]:
    """The EnvoyFilters that apply to the caller's proxy: what they patch is not simulated."""
    places = (caller.namespace, simulator.catalog.root_namespace)
    for manifest in simulator.catalog.envoy_filters:
        selector = labels(mapping(manifest.spec.get("workloadSelector")).get("labels"))
        if (manifest.namespace or "default") in places and selector.items() <= caller.label_map.items():
            yield line("", f"EnvoyFilter {manifest.name} ({place(manifest)}) may change this: it is not simulated")


def _connection(answer: Mapping[str, Any]) -> Iterator[str]:
    """A connection whose bytes no HTTP rule sees."""
    yield line("rules", f"the proxy sees {answer['protocol'].upper()} only, so no http rule has a say")
    owner = answer.get("virtualService")
    yield line("", f"VirtualService {owner}" if owner else "no VirtualService has a rule for it: the service's default")


def _unconnected(answer: Mapping[str, Any], request: Request, scope: Scope) -> Iterator[str]:
    """A connection that no rule and no service takes; where the answer has a reason, that says it all."""
    if answer.get("reason"):
        return
    service = dialled_service(scope, without_port(request.authority).lower(), request.port)
    if service is None:
        yield from _host(None, request, scope)
        return
    yield line("host", f"{request.authority} is {service.host} ({place(service.manifest)})")
    yield line("rules", f"the tls rules for port {request.port} take other names, and then nothing else is let in")


def _host(host: VirtualHost | None, request: Request, scope: Scope) -> Iterator[str]:
    if host is None:
        yield line("host", f"{request.authority} is none that this caller's proxy knows on port {request.port}")
        yield from (line("", hint) for hint in _hints(without_port(request.authority).lower(), scope))
        return
    if host.service is None and scope.caller.gateway:
        yield line("host", f"{request.authority} is {host.host}, which the Gateway and a VirtualService agree on")
    elif host.service is None:
        yield line("host", f"{request.authority} is {host.host}, a host that no service of this port has")
    else:
        kind = "Service" if host.service.kubernetes else "ServiceEntry"
        title = f"{host.service.namespace}/{host.service.manifest.name}"
        yield line("host", f"{request.authority} is {host.host}, {kind} {title} ({place(host.service.manifest)})")
        if reason := _because(without_port(request.authority).lower(), host, host.service):
            yield line("", reason)


def _hints(name: str, scope: Scope) -> Iterator[str]:
    """What somebody who asks for an unknown host may have meant: another port, or a service of another namespace."""
    for service in scope.services.values():
        domains, _ = service_domains(service, scope.caller.namespace, scope.catalog.domain)
        if name in domains:
            ports = ", ".join(str(port.number) for port in service.ports)
            yield f"{service.host} has the ports {ports} ({place(service.manifest)})"
        elif service.kubernetes and service.name == name:
            yield f"callers of other namespaces than {service.namespace} write {name}.{service.namespace}"


def _because(name: str, host: VirtualHost, service: Service) -> str:
    """Why a name that is not the host's own leads to it; empty where it is."""
    if name in (host.host, f"{host.host}."):
        return ""
    if name.strip("[]") in service.addresses:
        return "which is its address"
    if host.host.startswith(f"{name}.") and "." not in name:
        return f"as callers of namespace {service.namespace} may leave the namespace out"
    if host.host.startswith(f"{name}."):
        return "of which that is a short form"
    covering = [domain for domain in host.domains if domain.startswith("*") and covers(domain, name)]
    if covering:
        return f"as {max(covering, key=len)} covers it, and no longer domain does"
    return "to which an ExternalName Service leads"


def _claims(host: VirtualHost | None, scope: Scope, request: Request) -> Iterator[str]:
    """The VirtualService that owns the host, and the others that name it in vain."""
    if host is None:
        return
    owner = host.virtual_service
    listener = scope.listener(request.port)
    rivals = [
        found
        for found in (listener.virtual_services if listener else ())
        if found is not owner and any(overlap(name, host.host) for name in found.hosts)
    ]
    if owner is None:
        yield line("rules", "no VirtualService takes this host for this caller, so all goes to the service itself")
    else:
        yield line("rules", f"VirtualService {owner.title} ({place(owner.manifest)}){_why(owner, rivals, host)}")
    for rival in rivals:
        reason = "none of its rules is for this caller and port" if owner is None else "passed over"
        yield line("", f"{reason}: VirtualService {rival.title} ({place(rival.manifest)})")


def _why(owner: VirtualService, rivals: list[VirtualService], host: VirtualHost) -> str:
    if not rivals:
        return ""
    if host.host in owner.hosts and not any(host.host in rival.hosts for rival in rivals):
        return ": it names the host itself, the others name a wildcard"
    return ": of those that name the host it comes first (the caller's own, then the oldest, then by name)"


def _rules(taken: Taken, view: View) -> Iterator[str]:
    host = taken.host
    if host is None:
        return
    left_out = [(_order(dropped), dropped) for dropped in host.dropped]
    for route in host.routes:
        while left_out and left_out[0][0] < _order(route):
            dropped = left_out.pop(0)[1]
            yield line("  -", f"{_title(dropped.rule, dropped.entry)}: {dropped.reason}")
        if route is taken.route:
            met = "; ".join(demand(condition) for condition in route.conditions) or "it takes everything"
            yield line("  =>", f"{_route_title(route)}: {met}")
            return
        broken = next((found for found in route.conditions if not found.holds(value_of(found, view))), None)
        if broken is not None:
            yield line("  -", f"{_route_title(route)}: {failure(broken, view)}")
    for _, dropped in left_out:
        yield line("  -", f"{_title(dropped.rule, dropped.entry)}: {dropped.reason}")
    yield line("", "no rule takes it")


def _order(found: Route | Dropped) -> tuple[int, int]:
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
    place_of = rule.path if rule.via is not None or entry is None else (*rule.path, "match", entry)
    if entry is not None and len(rule.value.get("match") or ()) > 1:
        title += f", match {entry + 1}"
    delegated = f", by way of {place(*rule.via)}" if rule.via else ""
    return f"{title} ({place(rule.manifest, place_of)}{delegated})"
