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
from sailwright.runtime.records import dataclass, replace
from sailwright.source.untyped import entries, get, mapping, number


@dataclass(frozen=True, slots=True)
class Policy:
    """One block of traffic policy. `subset` is empty for the rule's own; `port` is set for a port level entry."""

    path: Path
    value: Mapping[str, Any]
    subset: str
    port: int | None
    covered_ports: frozenset[int]
    """The ports that this block leaves to a more specific one."""

    def at(self, *keys: str | int) -> Path:
        """The path of something inside the block."""
        return (*self.path, *keys)


def policies(rule: DestinationRule) -> Iterator[Policy]:
    """Every block of traffic policy that a DestinationRule holds."""
    own = mapping(rule.manifest.spec.get("trafficPolicy"))
    yield from _policies(own, ("spec", "trafficPolicy"), "")
    for subset in rule.subsets:
        yield from _policies(mapping(subset.value.get("trafficPolicy")), (*subset.path, "trafficPolicy"), subset.name)


def _policies(value: Mapping[str, Any], path: Path, subset: str) -> Iterator[Policy]:
    if not value:
        return
    levels = [
        (entry_path, entry, number(mapping(entry.get("port")).get("number")))
        for entry_path, entry in entries(value.get("portLevelSettings"), (*path, "portLevelSettings"))
    ]
    yield Policy(path, value, subset, None, frozenset(port for _, _, port in levels))
    for entry_path, entry, port in levels:
        yield Policy(entry_path, entry, subset, port, frozenset())


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
    """The ports of the repository's services that a policy governs; none where the host is a wildcard or unknown.

    A service that only a wildcard names is not meant: Istio looks rules up by the host of the service itself.
    """
    return tuple(
        Governed(rule.host, service, port)
        for service in index.registry.hosts.get(rule.host, ())
        for port in service.ports
        if (policy.port is None or policy.port == port.number) and port.number not in policy.covered_ports
    )


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


def settings(index: Index, *keys: str) -> Iterator[Setting]:
    """Every traffic policy's block at `keys`, where it is there and a mapping."""
    for found in index.derived(policy_blocks).get(keys[0], ()):
        value = get(found.value, *keys[1:])
        if value is found.value:
            yield found
        elif isinstance(value, dict):
            yield replace(found, path=found.at(*keys[1:]), value=value)


def policy_blocks(index: Index) -> Mapping[str, tuple[Setting, ...]]:
    """The blocks that stand directly in traffic policies, by their key: many rules ask for each."""
    found: dict[str, list[Setting]] = {}
    for rule in index.destination_rules:
        for policy in policies(rule):
            for key, value in policy.value.items():
                if isinstance(value, dict):
                    found.setdefault(key, []).append(Setting(index, rule, policy, policy.at(key), value))
    return {key: tuple(blocks) for key, blocks in found.items()}


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


def tcp_only(services: Iterable[Service]) -> str:
    """Why every port of the Services is TCP or TLS; empty where one is not, or where there is none. UDP does not count."""
    ports = tuple(
        Governed(service.hosts[0], service, port)
        for service in services
        for port in service.ports
        if not port.protocol.is_udp
    )
    return str(ports[0]) if all_tcp(ports) else ""
