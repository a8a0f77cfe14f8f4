"""Traffic policies of DestinationRules: each block, the ports it governs, and the protocol those really have.

Sources: pilot/pkg/networking/util MergeSubsetTrafficPolicy; pilot/pkg/networking/core/cluster_traffic_policy.go, cluster.go.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any

from sailwright.diagnostics.finding import Path
from sailwright.mesh.index import Index
from sailwright.mesh.objects.routing import DestinationRule
from sailwright.mesh.objects.services import Port, Service
from sailwright.mesh.objects.traffic_policy import Policy
from sailwright.mesh.values.hosts import covers
from sailwright.runtime.records import dataclass
from sailwright.source.untyped import get


@dataclass(frozen=True, slots=True)
class Governed:
    """A port of a service that a policy governs, and the host by which it is meant."""

    host: str
    service: Service
    port: Port

    def __str__(self) -> str:
        """For messages: the port, its effective protocol and why Istio selected it."""
        protocol = self.port.protocol
        return f"port {self.port.number} of {self.host} is {protocol}: {protocol.reason}"


def governed(index: Index, rule: DestinationRule, policy: Policy) -> tuple[Governed, ...]:
    """The ports of the repository's services that a policy governs; none where the host is unknown.

    A wildcard governs all that it covers and no more specific rule takes. What that is, is known where a ServiceEntry has that
    very host: a namespace may hold Services that are in no file.
    """
    services = index.registry.named(rule.host)
    if services and rule.host.startswith("*"):
        services = (*services, *_covered(index, rule.host))
    return tuple(
        Governed(rule.host, service, port)
        for service in services
        for port in service.ports
        if (policy.port is None or policy.port == port.number) and port.number not in policy.covered_ports
    )


def _covered(index: Index, wildcard: str) -> Iterator[Service]:
    """The services that callers know by a name below a wildcard, where no DestinationRule is for that name or a longer wildcard."""
    for host, services in index.registry.hosts.items():
        if covers(wildcard, host) and index.rules_for(host)[0].host == wildcard:
            yield from services


def all_tcp(ports: tuple[Governed, ...]) -> bool:
    """Whether there are ports and the proxy sees only bytes on each: nothing of HTTP has an effect."""
    return bool(ports) and all(each.port.protocol.is_tcp for each in ports)


@dataclass(frozen=True)
class Setting:
    """A block inside a traffic policy, as `connectionPool.http`, and (when asked for) the ports it governs."""

    index: Index
    rule: DestinationRule
    policy: Policy
    path: Path
    value: Mapping[str, Any]

    @cached_property
    def ports(self) -> tuple[Governed, ...]:
        """The ports of the repository's services that it governs."""
        return governed(self.index, self.rule, self.policy)

    def at(self, *keys: str | int) -> Path:
        """The path of something inside the block."""
        return (*self.path, *keys)

    def having(self, *keys: str) -> Iterator[str]:
        """Those of these keys that the block has."""
        return (key for key in keys if key in self.value)


def settings_of(rule: DestinationRule, index: Index, *keys: str) -> Iterator[Setting]:
    """The block at `keys` of each traffic policy of a DestinationRule, where it is there and a mapping."""
    for policy in rule.policies_with(keys[0]):
        value = get(policy.value, *keys)
        if isinstance(value, dict):
            yield Setting(index, rule, policy, policy.at(*keys), value)


def settings_on_tcp(rule: DestinationRule, index: Index, *keys: str) -> Iterator[Setting]:
    """Those of `settings_of` that govern TCP and TLS ports alone."""
    return (found for found in settings_of(rule, index, *keys) if all_tcp(found.ports))


def original_destination(service: Service) -> str:
    """Why a sidecar sends each call to the address the client dialled, so that nothing is balanced; empty if it does not.

    Gateways balance over the pods of a headless Service all the same (core/cluster.go, convertResolution).
    """
    if service.is_headless:
        return "the Service is headless (clusterIP: None)"
    if service.is_entry and service.resolution in ("NONE", "DYNAMIC_DNS"):
        return f"the ServiceEntry has resolution {service.resolution}"
    return ""


def unbalanced(ports: tuple[Governed, ...]) -> str:
    """Why no call to any of the governed ports is balanced; empty where one is, or where there is none."""
    reasons = {original_destination(each.service) for each in ports}
    return "" if "" in reasons else next(iter(sorted(reasons)), "")


def tcp_namespace(index: Index, namespace: str) -> str:
    """Why all ports of a namespace are TCP; empty where a workload is behind no Service, so that its ports are unknown.

    Services whose pods are not here count as well, unless surely none of theirs has a sidecar.
    """
    pods = [pod for pod in index.selected({}, namespace) if index.injected(pod) is not False]
    known = pods and namespace != index.mesh.root_namespace and all(index.services_of(pod) for pod in pods)
    here = (service for service in index.services if service.namespace == namespace and index.may_be_in_mesh(service))
    return tcp_only(here) if known else ""


def tcp_governed(index: Index, selector: Mapping[str, str], namespace: str) -> str:
    """Why every port that a policy is for is TCP: of the workloads it selects, or of its namespace where it selects none."""
    if not selector:
        return tcp_namespace(index, namespace)
    return tcp_only(index.services_behind(selector, namespace))


def tcp_only(services: Iterable[Service]) -> str:
    """Why every port of the Services is TCP or TLS; empty where one is not, or where there is none. UDP does not count."""
    ports = tuple(
        Governed(service.hosts[0], service, port)
        for service in services
        for port in service.ports
        if not port.protocol.is_udp
    )
    return str(ports[0]) if all_tcp(ports) else ""
