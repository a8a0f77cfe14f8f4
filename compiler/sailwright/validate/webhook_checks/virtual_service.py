"""VirtualService: hosts, gateways, and its http, tls and tcp rules."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sailwright.diagnostics.finding import Path
from sailwright.diagnostics.problem import Problem
from sailwright.mesh.values.host_overlaps import overlaps
from sailwright.mesh.values.names import is_ip, is_within, port_fault, subnet_fault, wildcard_domain_fault
from sailwright.runtime.regex import regex
from sailwright.validate.webhook_checks.destination import weighted_destinations
from sailwright.validate.webhook_checks.headers import is_jwt_claim
from sailwright.validate.webhook_checks.http_route import http_route
from sailwright.validate.webhook_checks.labels import label_faults
from sailwright.validate.webhook_checks.selectors import export_to, gateway_names
from sailwright.validate.webhook_checks.subject import Message, Subject, error, hide_warnings, warning
from sailwright.validate.webhook_checks.unreachable import unreachable

#: On VirtualServices that istiod makes of Gateway API routes.
_GENERATED = "internal.istio.io/route-semantics"
#: The SNI names that AUTO_PASSTHROUGH gateways read: outbound_.80_.v1_.reviews.shop.svc.cluster.local
_OUTBOUND_SNI = regex(r"outbound_(?P<port>[^_]*)_[^_]*_(?P<host>[^_]*)(?:_.*)?", re.DOTALL)


def check(service: Subject) -> Iterator[Problem]:
    spec = service.spec
    generated = service.annotations.get(_GENERATED) == "gateway"
    delegate = not spec.get("hosts")
    if delegate:
        yield from _delegate(spec)
    if "gateways" in spec:
        yield from gateway_names(spec["gateways"], ("spec", "gateways"), generated)
    if not _is_gateway_only(spec):
        yield from _jwt_claims(spec)
    yield from _hosts(spec)
    if not any(family in spec for family in ("http", "tcp", "tls")):
        yield error(("spec",), "a VirtualService needs http, tls or tcp rules")
    for place, rule in enumerate(spec.get("http", ())):
        yield from http_route(rule, ("spec", "http", place), delegate, generated)
    for place, rule in enumerate(spec.get("tls", ())):
        yield from _tls_route(rule, ("spec", "tls", place), spec, generated)
    for place, rule in enumerate(spec.get("tcp", ())):
        yield from _tcp_route(rule, ("spec", "tcp", place), generated)
    yield from export_to(spec, service.namespace)
    yield from unreachable(spec)


def _is_gateway_only(spec: Message) -> bool:
    gateways = spec.get("gateways", ())
    return bool(gateways) and "mesh" not in gateways


def _delegate(spec: Message) -> Iterator[Problem]:
    for name in ("gateways", "tls", "tcp"):
        if name in spec:
            yield error(("spec", name), f"without hosts this is a delegate, which takes no {name}")


def _jwt_claims(spec: Message) -> Iterator[Problem]:
    for place, rule in enumerate(spec.get("http", ())):
        for number, match in enumerate(rule.get("match", ())):
            for side in ("headers", "withoutHeaders"):
                for name in match.get(side, {}):
                    if is_jwt_claim(name):
                        yield error(
                            ("spec", "http", place, "match", number, side, name),
                            f"'{name}' matches on gateways only: set `gateways`, without `mesh`",
                        )


def _hosts(spec: Message) -> Iterator[Problem]:
    hosts: list[str] = spec.get("hosts", [])
    gateway_only = _is_gateway_only(spec)
    valid = True
    for place, host in enumerate(hosts):
        fault = _gateway_host_fault(host, _matches_sni(spec)) if gateway_only else wildcard_domain_fault(host)
        if fault and is_ip(host):
            continue
        if fault is None and host == "*" and not gateway_only:
            fault = "host '*' is for gateways only: the mesh needs a name"
        if fault:
            valid = False
            yield error(("spec", "hosts", place), fault)
    for place, later in overlaps(hosts) if valid else ():
        yield error(("spec", "hosts", later), f"'{hosts[later]}' overlaps '{hosts[place]}' of the same VirtualService")


def _matches_sni(spec: Message) -> bool:
    return any(match.get("sniHosts") for rule in spec.get("tls", ()) for match in rule.get("match", ()))


def _gateway_host_fault(host: str, sni: bool) -> str | None:
    if not sni or not host.startswith("outbound_") or len(host.encode()) > 255:
        return wildcard_domain_fault(host)
    parts = _OUTBOUND_SNI.fullmatch(host)
    if parts and re.search("[0-9]", parts["port"]) and re.search("[a-zA-Z]", parts["host"]):
        return None
    return f"'{host}' is not of the form outbound_.PORT_.SUBSET_.HOST"


def _tls_route(rule: Message, path: Path, spec: Message, generated: bool) -> Iterator[Problem]:
    if not rule.get("match"):
        yield error(path, "a tls rule needs a match with sniHosts")
    for place, match in enumerate(rule.get("match", ())):
        where = (*path, "match", place)
        if not match.get("sniHosts"):
            yield error(where, "a tls match needs sniHosts")
        for number, host in enumerate(match.get("sniHosts", ())):
            yield from _sni_host(host, (*where, "sniHosts", number), spec)
        yield from _l4_match(match, where)
    if not rule.get("route"):
        yield error(path, "a tls rule needs a route")
    yield from weighted_destinations(rule.get("route", []), (*path, "route"), generated)


def _sni_host(host: str, path: Path, spec: Message) -> Iterator[Problem]:
    gateways = spec.get("gateways", ())
    fault = wildcard_domain_fault(host) if "mesh" in gateways else _gateway_host_fault(host, sni=True)
    if fault:
        if is_ip(host):
            yield warning(path, "an IP address is no server name: most clients send none")
        else:
            yield error(path, fault)
    elif not any(is_within(host, other) for other in spec.get("hosts", ())):
        yield error(path, f"'{host}' is not among the VirtualService's hosts")


def _tcp_route(rule: Message, path: Path, generated: bool) -> Iterator[Problem]:
    for place, match in enumerate(rule.get("match", ())):
        yield from hide_warnings(_l4_match(match, (*path, "match", place)))
    if not rule.get("route"):
        yield error(path, "a tcp rule needs a route")
    yield from weighted_destinations(rule.get("route", []), (*path, "route"), generated)


def _l4_match(match: Message, path: Path) -> Iterator[Problem]:
    for place, subnet in enumerate(match.get("destinationSubnets", ())):
        if fault := subnet_fault(subnet):
            yield error((*path, "destinationSubnets", place), fault)
    if match.get("port") and (fault := port_fault(match["port"])):
        yield error((*path, "port"), fault)
    yield from label_faults(match.get("sourceLabels", {}), (*path, "sourceLabels"))
    yield from gateway_names(match.get("gateways", ()), (*path, "gateways"))
