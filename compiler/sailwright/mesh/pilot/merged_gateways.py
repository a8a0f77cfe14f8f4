"""The servers of every Gateway that selects one workload, merged: which listen where, and which are left out.

Source: Istio `pilot/pkg/model/gateway.go` (mergeGateways, resolvePorts, gatewayRDSRouteName).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sailwright.mesh.pilot.gateway_api.listeners import owner_of
from sailwright.mesh.pilot.gateway_workloads import target_port
from sailwright.mesh.pilot.push_context import PushContext
from sailwright.mesh.pilot.service_registry import creation
from sailwright.mesh.pilot.sidecar_scope import Caller
from sailwright.mesh.values.protocol import Protocol, declared_protocol
from sailwright.runtime.records import dataclass, field
from sailwright.source.manifest import Manifest

PASSTHROUGH_MODES = frozenset({"PASSTHROUGH", "AUTO_PASSTHROUGH"})
ANY_NAMESPACE = "*"


@dataclass(frozen=True, slots=True, eq=False)
class Server:
    """A server of a Gateway (`gateway` is `namespace/name`). `hosts` are `namespace/host`, or a host alone for any namespace.

    `port` is the number in the Gateway, `listens_on` the one at the pod: a Service in front may map it.
    """

    gateway: str
    name: str
    port: int
    listens_on: int
    protocol: Protocol
    bind: str
    hosts: tuple[str, ...]
    tls: Mapping[str, Any] | None

    @property
    def owner(self) -> str:
        """The Gateway of the input that it belongs to, `namespace/name`."""
        return owner_of(self.gateway)

    @property
    def mode(self) -> str:
        """How it treats TLS."""
        return str((self.tls or {}).get("mode") or "PASSTHROUGH") if self.tls is not None else ""

    @property
    def passes_tls_on(self) -> bool:
        """Whether it forwards TLS without opening it."""
        return self.mode in PASSTHROUGH_MODES and self.protocol.is_tls

    @property
    def speaks_http(self) -> bool:
        """Whether it sees HTTP: plain, or after opening TLS."""
        return self.protocol.is_http or (self.protocol.name == "HTTPS" and not self.passes_tls_on)

    @property
    def opens_tls(self) -> bool:
        """Whether clients speak TLS to it and it ends there."""
        return self.tls is not None and self.protocol.is_tls and not self.passes_tls_on

    @property
    def redirects(self) -> bool:
        """Whether it sends plain HTTP to HTTPS."""
        return bool((self.tls or {}).get("httpsRedirect"))

    @property
    def names(self) -> tuple[str, ...]:
        """Its hosts without their namespaces: the SNIs it takes."""
        return tuple(dict.fromkeys(host.rpartition("/")[2] for host in self.hosts))

    @property
    def route_name(self) -> str:
        """The route configuration it uses: that of its port for plain HTTP, one of its own for HTTPS; empty for the others."""
        if self.protocol.is_http:
            return f"http.{self.listens_on}.{self.bind}"
        return f"https.{self.port}.{self.name}.{self.gateway}.{self.bind}" if self.speaks_http else ""

    def hosts_for(self, namespace: str) -> list[str]:
        """The hosts that VirtualServices of a namespace may claim."""
        pairs = (host.rpartition("/") for host in self.hosts)
        return [name for owner, _, name in pairs if owner in ("", ANY_NAMESPACE, namespace)]


@dataclass(slots=True, eq=False)
class MergedGateways:
    """The servers that are served, by (port at the pod, protocol, bind) and by route configuration; `ignored` are left out.

    Each ignored server has the reason.
    """

    servers: dict[tuple[int, str, str], list[Server]] = field(default_factory=dict)
    by_route_name: dict[str, list[Server]] = field(default_factory=dict)
    ignored: list[tuple[Server, str]] = field(default_factory=list)
    _plain: dict[int, Server] = field(default_factory=dict)
    _claimed: dict[tuple[int, str], set[str]] = field(default_factory=dict)

    def on(self, port: int) -> list[Server]:
        """The servers that listen on a port of the pod, group by group."""
        return [server for (number, _, _), group in self.servers.items() if number == port for server in group]

    def add(self, server: Server) -> None:
        """Take a server in, unless those before it stand in its way."""
        reason = self._refusal(server)
        if reason:
            self.ignored.append((server, reason))
            return
        port = server.listens_on
        if port not in {number for number, _, _ in self.servers} and not server.protocol.is_tls:
            self._plain[port] = server
        plain = self._plain.get(port)
        key = (port, (plain or server).protocol.name, server.bind)
        self.servers.setdefault(key, []).append(server)
        if server.route_name:
            self.by_route_name.setdefault(server.route_name, []).append(server)

    def _refusal(self, server: Server) -> str:
        """Why a server is ignored; empty where it is not."""
        port = server.listens_on
        if server.tls is not None:
            claimed = self._claimed.setdefault((port, server.bind), set())
            double = next((host for host in server.hosts if host in claimed), "")
            if double:
                return f"an earlier server with TLS on port {port} has the host {double}, so this one is ignored whole"
            claimed.update(server.hosts)
        current = self._plain.get(port)
        if current is not None and current.bind == server.bind:
            if not (server.protocol.is_http and current.protocol.is_http):
                return f"port {port} belongs to an earlier server that is {current.protocol.name}"
        elif current is None and server.speaks_http and server.route_name in self.by_route_name:
            return "an earlier server of the same Gateway has the name of its port"
        return ""


def merged_gateways(push_context: PushContext, caller: Caller) -> MergedGateways:
    """The servers of every Gateway that selects the caller's workload, the oldest Gateway first."""
    labels = caller.label_map
    merged = MergedGateways()
    for server in listener_servers(push_context, caller.gateway or ""):
        merged.add(server)
    for gateway in sorted(
        push_context.gateways.values(), key=lambda item: (creation(item), item.name, item.namespace or "default")
    ):
        if (gateway.spec.get("selector") or {}).items() <= labels.items():
            for server in servers_of(gateway, push_context, caller):
                merged.add(server)
    return merged


def listener_servers(push_context: PushContext, name: str) -> Iterator[Server]:
    """The servers of a Kubernetes Gateway: one for each listener. Its Service has the listeners' own ports."""
    if name in push_context.gateways:
        return
    for listener in push_context.kubernetes_gateways.get(name, ()):
        yield Server(
            gateway=listener.gateway,
            name="default",
            port=listener.port,
            listens_on=listener.port,
            protocol=declared_protocol(listener.protocol),
            bind="",
            hosts=tuple(_host(host, "") for host in listener.hosts),
            tls=listener.tls,
        )


def servers_of(gateway: Manifest, push_context: PushContext, caller: Caller | None = None) -> Iterator[Server]:
    """The servers of a Gateway, as the caller's workload serves them."""
    namespace = gateway.namespace or "default"
    for server in gateway.spec.get("servers") or ():
        port = server.get("port") or {}
        number = port.get("number") or 0
        yield Server(
            gateway=f"{namespace}/{gateway.name}",
            name=port.get("name") or "",
            port=number,
            listens_on=target_port(push_context, caller, number) if caller else number,
            protocol=declared_protocol(port.get("protocol") or ""),
            bind=server.get("bind") or "",
            hosts=tuple(_host(host.lower(), namespace) for host in server.get("hosts") or ()),
            tls=server.get("tls"),
        )


def _host(host: str, namespace: str) -> str:
    """A host of a server: `.` stands for the Gateway's own namespace, `*` for any."""
    owner, slash, name = host.rpartition("/")
    if not slash or owner == ANY_NAMESPACE:
        return name
    return f"{namespace if owner == '.' else owner}/{name}"
