"""Why a request meets a virtual host, and why a VirtualService owns it, in words with file and line."""

from __future__ import annotations

from collections.abc import Iterator

from sailwright.mesh.pilot.service_registry import Service
from sailwright.mesh.pilot.sidecar_scope import Scope
from sailwright.mesh.pilot.virtual_services import LostRule, VirtualService
from sailwright.mesh.values.hosts import covers, overlap
from sailwright.route.envoy.outbound import service_domains
from sailwright.route.envoy.route_table import VirtualHost
from sailwright.route.request import Request, without_port
from sailwright.route.wording import line, place


def host_lines(host: VirtualHost | None, request: Request, scope: Scope) -> Iterator[str]:
    if host is None:
        yield line("host", f"{request.authority} is none that this caller's proxy knows on port {request.port}")
        yield from (line("", hint) for hint in _hints(without_port(request.authority).lower(), scope))
        return
    if host.service is None and scope.caller.gateway:
        yield line(
            "host", f"{request.authority} is {host.host}, on which the Gateway and a VirtualService or route agree"
        )
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
        domains, _ = service_domains(service, scope.caller.namespace, scope.push_context.domain)
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


def claim_lines(host: VirtualHost | None, scope: Scope, request: Request) -> Iterator[str]:
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
        yield line("rules", f"{owner.kind} {owner.title} ({place(owner.manifest)}){_why(owner, rivals, host)}")
    for lost in _lost(host, [*([owner] if owner else ()), *rivals]):
        yield line(
            "",
            f"istiod drops rule {int(lost.path[-1]) + 1} of {lost.manifest.name} ({place(lost.manifest, lost.path)}): {lost.reason}",
        )
    for rival in rivals:
        reason = "none of its rules is for this caller and port" if owner is None else "passed over"
        yield line("", f"{reason}: {rival.kind} {rival.title} ({place(rival.manifest)})")


def _lost(host: VirtualHost, claiming: list[VirtualService]) -> Iterator[LostRule]:
    """The rules for a host that are gone before any request comes: delegates that istiod could not merge in."""
    for virtual_service in claiming:
        if any(overlap(name, host.host) for name in virtual_service.hosts):
            yield from virtual_service.lost


def _why(owner: VirtualService, rivals: list[VirtualService], host: VirtualHost) -> str:
    if not rivals:
        return ""
    if host.host in owner.hosts and not any(host.host in rival.hosts for rival in rivals):
        return ": it names the host itself, the others name a wildcard"
    return ": of those that name the host it comes first (the caller's own, then the oldest, then by name)"
