"""WorkloadEntry, WorkloadGroup, and the endpoints of a ServiceEntry, which are WorkloadEntries."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from sailwright.diagnostics.finding import Path
from sailwright.diagnostics.problem import Problem
from sailwright.mesh.values.names import UNIX, domain_fault, is_ip, port_fault, port_name_fault, unix_fault
from sailwright.validate.webhook_checks.headers import strict_name_fault
from sailwright.validate.webhook_checks.labels import label_faults
from sailwright.validate.webhook_checks.subject import Message, Subject, error, warning

_COUNTS = ("periodSeconds", "initialDelaySeconds", "timeoutSeconds", "successThreshold", "failureThreshold")


def check_entry(entry: Subject) -> Iterator[Problem]:
    return workload(entry.spec, ("spec",), hostnames=True)


def workload(entry: Message, path: Path, hostnames: bool, ports: Collection[str] | None = None) -> Iterator[Problem]:
    """`ports`: the names of the ServiceEntry's ports, None for a WorkloadEntry of its own."""
    address = entry.get("address", "")
    if not address:
        if not entry.get("network"):
            yield error(path, "an address is needed")
            return
        yield warning(path, f"the address is left out: it must be reachable through network '{entry['network']}'")
    where = (*path, "address")
    unix = address.startswith(UNIX)
    if unix:
        if fault := unix_fault(address.removeprefix(UNIX)):
            yield error(where, fault)
        if entry.get("ports"):
            yield error((*path, "ports"), f"the socket {address} has no ports")
    elif address and not is_ip(address):
        if not hostnames:
            yield error(where, f"'{address}' is not an IP address")
        elif domain_fault(address):
            yield error(where, f"'{address}' is neither a host name nor an IP address")
    yield from endpoint_ports(entry, path, ports)
    yield from label_faults(entry.get("labels", {}), (*path, "labels"))
    if unix and ports is not None and len(ports) != 1:
        yield error(where, "a unix socket serves exactly one port of the ServiceEntry")


def endpoint_ports(entry: Message, path: Path, ports: Collection[str] | None) -> Iterator[Problem]:
    for name, number in entry.get("ports", {}).items():
        where = (*path, "ports", name)
        if ports is not None and name not in ports:
            yield error(where, f"endpoint port {number} is named as no port of the ServiceEntry is")
        if fault := port_name_fault(name):
            yield error(where, fault)
        if fault := port_fault(number):
            yield error(where, fault)


def check_group(group: Subject) -> Iterator[Problem]:
    spec = group.spec
    if "template" not in spec:
        yield error(("spec",), "a WorkloadGroup needs a template")
        return
    labels = spec.get("metadata", {}).get("labels", {})
    if faults := list(label_faults(labels, ("spec", "metadata", "labels"))):
        yield error(faults[0].path, "; ".join(fault.message for fault in faults))
        return
    if "probe" in spec:
        yield from _probe(spec["probe"], ("spec", "probe"))


def _probe(probe: Message, path: Path) -> Iterator[Problem]:
    for name in _COUNTS:
        if probe.get(name, 0) < 0:
            yield error((*path, name), f"{name} is negative")
    if "exec" in probe:
        if not probe["exec"].get("command"):
            yield error((*path, "exec"), "exec needs a command")
    elif socket := next((name for name in ("grpc", "tcpSocket") if name in probe), None):
        if fault := port_fault(probe[socket].get("port", 0)):
            yield error((*path, socket, "port") if "port" in probe[socket] else (*path, socket), fault)
    elif "httpGet" in probe:
        yield from _http_get(probe["httpGet"], (*path, "httpGet"))
    else:
        yield error(path, "a probe needs httpGet, tcpSocket, exec or grpc")


def _http_get(check: Message, path: Path) -> Iterator[Problem]:
    if fault := port_fault(check.get("port", 0)):
        yield error((*path, "port") if "port" in check else path, fault)
    if check.get("scheme", "") not in ("", "HTTP", "HTTPS"):
        yield error((*path, "scheme"), f"scheme '{check['scheme']}' is neither HTTP nor HTTPS")
    for place, header in enumerate(check.get("httpHeaders", ())):
        if fault := strict_name_fault(header.get("name", "")):
            yield error((*path, "httpHeaders", place), fault)
