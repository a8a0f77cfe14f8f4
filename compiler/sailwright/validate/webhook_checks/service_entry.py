"""ServiceEntry: hosts, addresses, ports and endpoints, by resolution."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from sailwright.diagnostics.finding import Path
from sailwright.diagnostics.problem import Problem
from sailwright.mesh.values.names import (
    domain_fault,
    is_ip,
    partial_wildcard_fault,
    port_fault,
    port_name_fault,
    subnet_fault,
    wildcard_domain_fault,
)
from sailwright.mesh.values.protocol import is_http, is_tcp, is_tls, protocol_fault
from sailwright.validate.webhook_checks.labels import label_faults
from sailwright.validate.webhook_checks.selectors import export_to, label_selector
from sailwright.validate.webhook_checks.subject import Message, Subject, error, warning
from sailwright.validate.webhook_checks.workload import endpoint_ports, workload

_SCOPE = ", so it is for every workload of the namespace"
#: "false" in this label keeps istiod from giving the entry an address.
_AUTO_ALLOCATE = "networking.istio.io/enable-autoallocate-ip"
#: A namespace label may name the waypoint as well, which the webhook does not see.
_WAYPOINT = "istio.io/use-waypoint"
_DNS = ("DNS", "DNS_ROUND_ROBIN")
_DYNAMIC_PROTOCOLS = ("http", "http2", "grpc", "tls")


def check(entry: Subject) -> Iterator[Problem]:
    spec = entry.spec
    selector = list(label_selector(spec.get("workloadSelector"), ("spec", "workloadSelector"), "labels", _SCOPE))
    if refused := [problem for problem in selector if problem.severity == "error"]:
        yield from refused
        return
    yield from selector
    if "workloadSelector" in spec and "endpoints" in spec:
        yield error(("spec",), "workloadSelector and endpoints exclude each other")
    yield from _hosts(spec)
    yield from _addresses(spec)
    yield from _ports(entry)
    resolution = spec.get("resolution", "NONE")
    if resolution == "NONE":
        yield from _unresolved(spec)
    elif resolution == "STATIC":
        names = _port_names(spec)
        for place, endpoint in enumerate(spec.get("endpoints", ())):
            yield from workload(endpoint, ("spec", "endpoints", place), hostnames=False, ports=names)
    elif resolution in _DNS:
        yield from _dns(spec, resolution)
    elif resolution == "DYNAMIC_DNS":
        yield from _dynamic_dns(entry)
    else:
        yield error(
            ("spec", "resolution"), "there is no such resolution: NONE, STATIC, DNS, DNS_ROUND_ROBIN or DYNAMIC_DNS"
        )
    yield from _plain_tcp(spec, resolution)
    yield from export_to(spec, entry.namespace, none_allowed=True)


def _port_names(spec: Message) -> Collection[str]:
    return {port.get("name", "") for port in spec.get("ports", ())}


def _hosts(spec: Message) -> Iterator[Problem]:
    if not spec.get("hosts"):
        yield error(("spec",), "a ServiceEntry needs at least one host")
    for place, host in enumerate(spec.get("hosts", ())):
        path: Path = ("spec", "hosts", place)
        if host == "*":
            yield error(path, "a ServiceEntry cannot take every host ('*')")
            continue
        if fault := wildcard_domain_fault(host):
            yield error(path, fault)
        if spec.get("resolution") != "DYNAMIC_DNS" and (fault := partial_wildcard_fault(host)):
            yield warning(path, fault)


def _addresses(spec: Message) -> Iterator[Problem]:
    addresses: list[str] = spec.get("addresses", [])
    for place, address in enumerate(addresses):
        if fault := subnet_fault(address):
            yield error(("spec", "addresses", place), fault)
    blocks = any("/" in address for address in addresses)
    if blocks and spec.get("resolution", "NONE") not in ("NONE", "STATIC"):
        yield error(("spec", "addresses"), f"CIDR blocks do not go with resolution {spec['resolution']}")


def _ports(entry: Subject) -> Iterator[Problem]:
    spec = entry.spec
    opted_out = entry.labels.get(_AUTO_ALLOCATE, "").lower() == "false"
    ambiguous = not spec.get("addresses") and (opted_out or spec.get("resolution", "NONE") == "NONE")
    names: set[str] = set()
    numbers: set[int] = set()
    for place, port in enumerate(spec.get("ports", ())):
        path: Path = ("spec", "ports", place)
        name, number, protocol = port.get("name", ""), port.get("number", 0), port.get("protocol", "")
        if name in names:
            yield error((*path, "name"), f"two ports are named '{name}'")
        if number in numbers:
            yield error((*path, "number"), f"two ports have number {number}")
        names.add(name)
        numbers.add(number)
        if port.get("targetPort") and (fault := port_fault(port["targetPort"])):
            yield error((*path, "targetPort"), fault)
        if ambiguous and protocol in ("", "TCP"):
            yield warning(path, "without addresses this TCP port takes the traffic of its number for every host")
        if fault := port_name_fault(name):
            yield error((*path, "name") if "name" in port else path, fault)
        if fault := protocol_fault(protocol):
            yield error((*path, "protocol"), fault)
        if fault := port_fault(number):
            yield error((*path, "number") if "number" in port else path, fault)


def _unresolved(spec: Message) -> Iterator[Problem]:
    if "endpoints" in spec:
        yield error(("spec", "endpoints"), "resolution NONE uses no endpoints: use STATIC or DNS")
    if "workloadSelector" in spec:
        yield warning(("spec", "workloadSelector"), "resolution NONE selects no workloads: use STATIC or DNS")


def _dns(spec: Message, resolution: str) -> Iterator[Problem]:
    endpoints: list[Message] = spec.get("endpoints", [])
    for place, host in enumerate(() if endpoints else spec.get("hosts", ())):
        if fault := domain_fault(host):
            yield error(("spec", "hosts", place), f"without endpoints {resolution} looks the host up: {fault}")
    if resolution == "DNS_ROUND_ROBIN" and len(endpoints) > 1:
        yield error(("spec", "endpoints"), "DNS_ROUND_ROBIN takes one endpoint at most")
    names = _port_names(spec)
    for place, endpoint in enumerate(endpoints):
        path: Path = ("spec", "endpoints", place)
        address = endpoint.get("address", "")
        if not is_ip(address) and domain_fault(address):
            where = (*path, "address") if address else path
            yield error(where, f"'{address}' is neither a host name nor an IP address")
        yield from label_faults(endpoint.get("labels", {}), (*path, "labels"))
        yield from endpoint_ports(endpoint, path, names)
    tcp = any(is_tcp(port.get("protocol", "")) for port in spec.get("ports", ()))
    if spec.get("addresses") and tcp and len(spec.get("hosts", ())) > 1:
        yield warning(("spec", "hosts"), "several hosts with addresses and a TCP port cannot be told apart")


def _dynamic_dns(entry: Subject) -> Iterator[Problem]:
    spec = entry.spec
    for place, host in enumerate(spec.get("hosts", ())):
        if not host.startswith("*"):
            yield error(("spec", "hosts", place), "DYNAMIC_DNS is for wildcard hosts: use DNS")
    for name in ("addresses", "endpoints"):
        if name in spec:
            yield error(("spec", name), f"DYNAMIC_DNS takes no {name}")
    for place, port in enumerate(spec.get("ports", ())):
        if port.get("protocol", "").lower() not in _DYNAMIC_PROTOCOLS:
            yield error(("spec", "ports", place), "DYNAMIC_DNS needs protocol HTTP, HTTP2, GRPC or TLS")
    if spec.get("location") == "MESH_INTERNAL" and entry.labels.get(_WAYPOINT, "none") != "none":
        yield error(("spec", "location"), "DYNAMIC_DNS through a waypoint needs location MESH_EXTERNAL")


def _plain_tcp(spec: Message, resolution: str) -> Iterator[Problem]:
    """Plain TCP carries no host name to tell the hosts by."""
    if resolution == "NONE" or len(spec.get("hosts", ())) < 2:
        return
    for place, port in enumerate(spec.get("ports", ())):
        protocol = port.get("protocol", "")
        if not is_http(protocol) and not is_tls(protocol):
            yield error(("spec", "ports", place), "several hosts need ports that carry the host: HTTP, HTTPS or TLS")
            return
