"""Sidecar: ingress and egress listeners."""

from __future__ import annotations

from collections.abc import Iterator

from sailwright.diagnostics.finding import Path
from sailwright.diagnostics.problem import Problem
from sailwright.mesh.values.names import UNIX, domain_fault, go_integer, port_fault, port_name_fault, unix_fault
from sailwright.mesh.values.protocol import is_http, is_tls, protocol_fault
from sailwright.runtime.regex import regex
from sailwright.validate.webhook_checks.connection_pool import connection_pool
from sailwright.validate.webhook_checks.destination import destination
from sailwright.validate.webhook_checks.selectors import bind_fault, label_selector, namespaced_host
from sailwright.validate.webhook_checks.server_tls import server_tls
from sailwright.validate.webhook_checks.subject import Message, Subject, error, warning

EXCLUSIONS = (1, 31)
"""The release line from which on `~namespace/host` takes hosts out that other entries import (istio/istio#60581)."""

_LOCAL = ("", "127.0.0.1", "0.0.0.0", "::1", "::")  # noqa: S104 - addresses to compare with, nothing is bound
_HOST_PORT = regex(r"(?:\[([^\[\]]*)\]|([^:\[\]]*)):([^:\[\]]*)")
_SCOPE = ", so it is for every workload of the namespace"


def check(sidecar: Subject) -> Iterator[Problem]:
    spec = sidecar.spec
    selector = list(label_selector(spec.get("workloadSelector"), ("spec", "workloadSelector"), "labels", _SCOPE))
    if refused := [problem for problem in selector if problem.severity == "error"]:
        yield from refused
        return
    if not any(name in spec for name in ("egress", "ingress", "outboundTrafficPolicy", "inboundConnectionPool")):
        yield error(("spec",), "the Sidecar configures nothing: give it egress, ingress or outboundTrafficPolicy")
        return
    yield from selector
    yield from _ingress(spec)
    yield from connection_pool(spec.get("inboundConnectionPool"), ("spec", "inboundConnectionPool"))
    yield from _egress(spec, sidecar)
    yield from _outbound(spec.get("outboundTrafficPolicy"), ("spec", "outboundTrafficPolicy"))


def _ingress(spec: Message) -> Iterator[Problem]:
    numbers: set[int] = set()
    for place, listener in enumerate(spec.get("ingress", ())):
        path: Path = ("spec", "ingress", place)
        port = listener.get("port")
        if port is None:
            yield error(path, "an ingress listener needs a port")
            continue
        yield from _ip_port(port, listener, path)
        if port.get("number", 0) in numbers:
            yield error((*path, "port", "number"), "two ingress listeners have the same port")
        numbers.add(port.get("number", 0))
        yield from _default_endpoint(listener.get("defaultEndpoint", ""), (*path, "defaultEndpoint"))
        yield from _ingress_tls(listener.get("tls"), port.get("protocol", ""), (*path, "tls"))
        pool = listener.get("connectionPool")
        yield from connection_pool(pool, (*path, "connectionPool"))
        if pool and "http" in pool and not is_http(port.get("protocol", "")):
            yield warning(
                (*path, "connectionPool", "http"),
                f"port {port.get('number', 0)} is not HTTP: only the tcp settings apply",
            )


def _ip_port(port: Message, listener: Message, path: Path) -> Iterator[Problem]:
    if port.get("targetPort", 0) > 0:
        yield error((*path, "port", "targetPort"), "targetPort has no effect on a Sidecar: remove it")
    if port.get("name") and (fault := port_name_fault(port["name"])):
        yield error((*path, "port", "name"), fault)
    if fault := protocol_fault(port.get("protocol", "")):
        yield error((*path, "port", "protocol"), fault)
    if fault := port_fault(port.get("number", 0)):
        yield error((*path, "port", "number"), fault)
    if fault := bind_fault(listener.get("bind", "")):
        yield error((*path, "bind"), fault)


def _default_endpoint(endpoint: str, path: Path) -> Iterator[Problem]:
    if not endpoint:
        return
    if endpoint.startswith(UNIX):
        if fault := unix_fault(endpoint.removeprefix(UNIX)):
            yield error(path, fault)
        return
    match = _HOST_PORT.fullmatch(endpoint)
    if match is None:
        yield error(path, f"'{endpoint}' is not address:port")
    host, port = ((match[1] or match[2] or ""), match[3]) if match else ("", "")
    if host not in _LOCAL:
        yield error(path, "the endpoint is not the workload itself: use 127.0.0.1, 0.0.0.0, [::1], [::] or unix://path")
    number = go_integer(port)
    if number is None:
        yield error(path, f"the endpoint's port '{port}' is not a number")
    elif fault := port_fault(number):
        yield error(path, fault)


def _ingress_tls(tls: Message | None, protocol: str, path: Path) -> Iterator[Problem]:
    if tls is None:
        return
    for name in ("subjectAltNames", "httpsRedirect", "credentialName", "credentialNames", "tlsCertificates"):
        if tls.get(name):
            yield error((*path, name), f"{name} does not work in a Sidecar's tls: remove it")
    if tls.get("mode") in ("ISTIO_MUTUAL", "AUTO_PASSTHROUGH"):
        yield error((*path, "mode"), f"a Sidecar's tls cannot be {tls['mode']}")
    if not is_tls(protocol):
        yield error(path, "tls needs a port with protocol HTTPS or TLS")
    yield from server_tls(tls, path)


def _egress(spec: Message, sidecar: Subject) -> Iterator[Problem]:
    listeners: list[Message] = spec.get("egress", [])
    numbers: set[int] = set()
    sockets: set[str] = set()
    for place, listener in enumerate(listeners):
        path: Path = ("spec", "egress", place)
        port = listener.get("port")
        if port is None:
            if place < len(listeners) - 1:
                yield error(path, "the egress listener without a port takes the rest: it must be the last")
        elif port.get("number"):
            yield from _ip_port(port, listener, path)
            if port["number"] in numbers:
                yield error((*path, "port", "number"), "two egress listeners have the same port")
            numbers.add(port["number"])
        else:
            yield from _socket_port(port, listener, path)
            if listener.get("bind", "") in sockets:
                yield error((*path, "bind"), "two egress listeners are bound to the same socket")
            sockets.add(listener.get("bind", ""))
        yield from _egress_hosts(listener.get("hosts", []), sidecar, path)


def _socket_port(port: Message, listener: Message, path: Path) -> Iterator[Problem]:
    if port.get("targetPort", 0) > 0:
        yield error((*path, "port", "targetPort"), "targetPort has no effect on a Sidecar: remove it")
    if port.get("name") and (fault := port_name_fault(port["name"])):
        yield error((*path, "port", "name"), fault)
    if fault := protocol_fault(port.get("protocol", "")):
        yield error((*path, "port", "protocol"), fault)
    bind = listener.get("bind", "")
    if not bind.startswith(UNIX):
        yield error((*path, "port"), "a port needs a number, or a bind to a unix:// socket")
    elif fault := unix_fault(bind.removeprefix(UNIX)):
        yield error((*path, "bind"), fault)
    if listener.get("captureMode", "DEFAULT") not in ("DEFAULT", "NONE"):
        yield error((*path, "captureMode"), "traffic to a unix socket cannot be captured: DEFAULT or NONE")


def _egress_hosts(hosts: list[str], sidecar: Subject, path: Path) -> Iterator[Problem]:
    if not hosts:
        yield error(path, "an egress listener needs at least one host")
        return
    seen: dict[str, set[str]] = {}
    for place, entry in enumerate(hosts):
        where = (*path, "hosts", place)
        if sidecar.release >= EXCLUSIONS and entry.startswith("~") and entry != "~/*":
            yield from namespaced_host(f"*{entry[1:]}" if entry.startswith("~/") else entry[1:], where, gateway=False)
            continue
        owner, slash, host = entry.partition("/")
        if slash:
            known = seen.setdefault(sidecar.namespace if owner == "." else owner, set())
            if known if host == "*" else known & {host, "*"}:
                yield warning(where, f"'{entry}' is covered by another host of the listener")
            known.add(host)
        yield from namespaced_host(entry, where, gateway=False)
    if "*" in seen.get("*", ()) and len(seen) != 1:
        yield warning((*path, "hosts"), "'*/*' takes every host: the other entries have no effect")


def _outbound(policy: Message | None, path: Path) -> Iterator[Problem]:
    proxy = (policy or {}).get("egressProxy")
    if policy is None or proxy is None:
        return
    where = (*path, "egressProxy")
    if policy.get("mode", "REGISTRY_ONLY") != "ALLOW_ANY":
        yield error(where, "egressProxy needs mode: ALLOW_ANY")
        return
    if fault := domain_fault(proxy.get("host", "")):
        yield error((*where, "host"), fault)
    if "port" not in proxy:
        yield error(where, "egressProxy needs a port")
        return
    yield from destination(proxy, where)
