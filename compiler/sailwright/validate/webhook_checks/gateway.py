"""Gateway: servers, their ports, hosts and TLS."""

from __future__ import annotations

from collections.abc import Iterator

from sailwright.diagnostics.finding import Path
from sailwright.diagnostics.problem import Problem
from sailwright.mesh.values.names import UNIX, is_dns_label, port_fault, unix_fault
from sailwright.mesh.values.protocol import is_http, is_known, is_tls
from sailwright.validate.webhook_checks.selectors import bind_fault, namespaced_host
from sailwright.validate.webhook_checks.server_tls import PASSTHROUGH, server_tls
from sailwright.validate.webhook_checks.subject import Message, Subject, error, warning

#: On Gateways that istiod makes of Gateway API objects.
_GENERATED = "internal.istio.io/gateway-semantics"


def check(gateway: Subject) -> Iterator[Problem]:
    generated = gateway.annotations.get(_GENERATED) == "gateway"
    if not is_dns_label(gateway.name) and not generated:
        yield error(("metadata", "name"), f"a Gateway's name must be a DNS label, '{gateway.name}' is not")
    servers: list[Message] = gateway.spec.get("servers", [])
    if not servers:
        yield error(("spec",), "a Gateway needs at least one server")
    names: set[str] = set()
    for place, server in enumerate(servers):
        path: Path = ("spec", "servers", place)
        yield from _server(server, path, generated)
        port = server.get("port")
        if port is None:
            continue
        name = port.get("name", "")
        if name in names:
            yield error((*path, "port", "name"), f"two servers have a port named '{name}'")
        names.add(name)
        if server.get("tls", {}).get("httpsRedirect") and not is_http(port.get("protocol", "")):
            yield warning((*path, "tls", "httpsRedirect"), "httpsRedirect only works on an HTTP server")


def _server(server: Message, path: Path, generated: bool) -> Iterator[Problem]:
    hosts = server.get("hosts", ())
    if not hosts:
        yield error(path, "a server needs at least one host")
    for place, host in enumerate(hosts):
        yield from namespaced_host(host, (*path, "hosts", place), gateway=True, generated=generated)
    faults = list(_port(server, path))
    yield from faults
    yield from _bind(server, path)
    yield from server_tls(server.get("tls"), (*path, "tls"))
    if not faults:
        yield from _tls_of_protocol(server, path)


def _port(server: Message, path: Path) -> Iterator[Problem]:
    port = server.get("port")
    if port is None:
        yield error(path, "a server needs a port")
        return
    where = (*path, "port")
    protocol, number = port.get("protocol", ""), port.get("number", 0)
    if not is_known(protocol):
        yield error(
            (*where, "protocol"),
            f"'{protocol}' is not a protocol: HTTP, HTTPS, HTTP2, GRPC, GRPC-WEB, TLS, TCP, MONGO, REDIS or MYSQL",
        )
    if (number > 0 or not server.get("bind", "").startswith(UNIX)) and (fault := port_fault(number)):
        yield error((*where, "number"), fault)
    if port.get("targetPort", 0) > 0:
        yield error((*where, "targetPort"), "targetPort has no effect on a Gateway: remove it")
    if not port.get("name"):
        yield error(where, f"port {number} ({protocol}) needs a name")


def _bind(server: Message, path: Path) -> Iterator[Problem]:
    bind: str = server.get("bind", "")
    if not bind.startswith(UNIX):
        if fault := bind_fault(bind):
            yield error((*path, "bind"), fault)
        return
    if fault := unix_fault(bind.removeprefix(UNIX)):
        yield error((*path, "bind"), fault)
    if server.get("port", {}).get("number"):
        yield error(
            (*path, "port", "number"),
            f"a server bound to a unix socket has port number 0, not {server['port']['number']}",
        )


def _tls_of_protocol(server: Message, path: Path) -> Iterator[Problem]:
    protocol, tls = server["port"]["protocol"], server.get("tls")
    if is_tls(protocol) and tls is None:
        yield error(path, "an HTTPS or TLS server needs tls")
    if is_tls(protocol) or tls is None:
        return
    if not is_http(protocol):
        yield error((*path, "tls"), "only an HTTPS or TLS server can have tls")
        return
    certificates = any(tls.get(name) for name in ("caCertificates", "privateKey", "serverCertificate"))
    if tls.get("mode", "PASSTHROUGH") not in PASSTHROUGH or certificates:
        yield error((*path, "tls"), "a plain HTTP server can have no tls but httpsRedirect")
