"""VirtualServices, DestinationRules and Gateways: what they refer to, each reference with its path."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING, Any, Literal

from sailwright.diagnostics.finding import Path
from sailwright.mesh.values.hosts import fqdn
from sailwright.runtime.records import dataclass
from sailwright.source.manifest import Manifest
from sailwright.source.untyped import entries, get, labels, mapping, number, text, texts

if TYPE_CHECKING:
    from sailwright.mesh.objects.export_to import Exports
    from sailwright.mesh.objects.traffic_policy import Policy

MESH = "mesh"
Block = Literal["http", "tcp", "tls"]
BLOCKS: tuple[Block, ...] = ("http", "tcp", "tls")


Entry = tuple[Path, dict[str, Any]]
"""A mapping in a list of a manifest, and its path."""


@dataclass(frozen=True, slots=True)
class Destination:
    """Where a route (or a mirror) of a VirtualService sends to. `path` is that of the `destination` or mirror itself."""

    path: Path
    block: Block
    host: str
    full_host: str
    port: int | None
    subset: str
    weight: int | None
    is_mirror: bool
    rule: int
    is_idle: bool = False
    """A weight of 0 beside other destinations: nothing is sent there, and the proxies do not even hear of it."""

    @property
    def host_path(self) -> Path:
        """The path of the host."""
        return (*self.path, "host")


@dataclass(frozen=True)
class VirtualService:
    """A VirtualService. `gateways` are as written; none means the mesh. `default_export` holds where it has no exportTo."""

    manifest: Manifest
    namespace: str
    domain: str
    default_export: tuple[str, ...] = ()

    @cached_property
    def hosts(self) -> tuple[str, ...]:
        """Its hosts in full."""
        return tuple(fqdn(host, self.namespace, self.domain) for host in texts(self.manifest.spec.get("hosts")))

    @cached_property
    def gateways(self) -> tuple[str, ...]:
        """The gateways it names, as written."""
        return tuple(texts(self.manifest.spec.get("gateways")))

    @cached_property
    def in_mesh(self) -> bool:
        """Whether sidecars use it."""
        return not self.gateways or MESH in self.gateways

    @cached_property
    def exports(self) -> Exports:
        """Who sees it."""
        from sailwright.mesh.objects.export_to import Exports

        return Exports.of(self.manifest.spec.get("exportTo"), self.namespace, self.default_export)

    @cached_property
    def _rules(self) -> dict[Block, tuple[Entry, ...]]:
        spec = self.manifest.spec
        return {block: tuple(entries(spec.get(block), ("spec", block))) for block in BLOCKS}

    @cached_property
    def _matches(self) -> dict[Block, tuple[Entry, ...]]:
        return {
            block: tuple(match for path, rule in rules for match in entries(rule.get("match"), (*path, "match")))
            for block, rules in self._rules.items()
        }

    @cached_property
    def _routes(self) -> dict[Block, tuple[tuple[Path, list[Entry]], ...]]:
        return {
            block: tuple(((*path, "route"), list(entries(rule.get("route"), (*path, "route")))) for path, rule in rules)
            for block, rules in self._rules.items()
        }

    def rules(self, *blocks: Block) -> Iterator[Entry]:
        """The rules of these blocks (of all where none is named), in order, each with its path."""
        return chain.from_iterable(self._rules[block] for block in blocks or BLOCKS)

    def matches(self, *blocks: Block) -> Iterator[Entry]:
        """The match entries of the rules of these blocks, each with its path."""
        return chain.from_iterable(self._matches[block] for block in blocks or BLOCKS)

    def routes(self, *blocks: Block) -> Iterator[tuple[Path, list[Entry]]]:
        """The `route` of each rule of these blocks: its path, and its destinations, each with its own."""
        return chain.from_iterable(self._routes[block] for block in blocks or BLOCKS)

    @cached_property
    def destinations(self) -> tuple[Destination, ...]:
        """Every destination, those of http, then tcp, then tls; a mirror comes after the routes of its rule."""
        return tuple(found for block in BLOCKS for found in self._destinations(block))

    def _destinations(self, block: Block) -> Iterator[Destination]:
        for (path, rule), (_, routes) in zip(self._rules[block], self._routes[block], strict=True):
            shared = any(number(route.get("weight")) for _, route in routes)
            for route_path, route in routes:
                weight = number(route["weight"]) if "weight" in route else None
                target, is_idle = mapping(route.get("destination")), shared and not weight
                yield self._destination(block, (*route_path, "destination"), target, weight, is_idle=is_idle)
            if block != "http":
                continue
            if isinstance(rule.get("mirror"), dict):
                yield self._destination(block, (*path, "mirror"), rule["mirror"], None, is_mirror=True)
            for mirror_path, mirror in entries(rule.get("mirrors"), (*path, "mirrors")):
                target = mapping(mirror.get("destination"))
                yield self._destination(block, (*mirror_path, "destination"), target, None, is_mirror=True)

    def _destination(
        self,
        block: Block,
        path: Path,
        target: Mapping[str, Any],
        weight: int | None,
        *,
        is_mirror: bool = False,
        is_idle: bool = False,
    ) -> Destination:
        host, port, rule = text(target.get("host")), target.get("port"), path[2]
        return Destination(
            path,
            block,
            host,
            fqdn(host, self.namespace, self.domain),
            number(mapping(port).get("number")) if port is not None else None,
            text(target.get("subset")),
            weight,
            is_mirror,
            rule if isinstance(rule, int) else 0,
            is_idle,
        )


@dataclass(frozen=True, slots=True)
class Subset:
    """A subset of a DestinationRule."""

    name: str
    labels: Mapping[str, str]
    path: Path
    value: Mapping[str, Any]


@dataclass(frozen=True)
class DestinationRule:
    """A DestinationRule. `default_export` holds where it has no exportTo."""

    manifest: Manifest
    namespace: str
    domain: str
    default_export: tuple[str, ...] = ()

    @cached_property
    def written_host(self) -> str:
        """Its host as written."""
        return text(self.manifest.spec.get("host"))

    @cached_property
    def host(self) -> str:
        """Its host in full; may be a wildcard."""
        return fqdn(self.written_host, self.namespace, self.domain)

    @cached_property
    def exports(self) -> Exports:
        """Who sees it."""
        from sailwright.mesh.objects.export_to import Exports

        return Exports.of(self.manifest.spec.get("exportTo"), self.namespace, self.default_export)

    @cached_property
    def subsets(self) -> tuple[Subset, ...]:
        """Its subsets, in the order of the file."""
        found = entries(self.manifest.spec.get("subsets"), ("spec", "subsets"))
        return tuple(Subset(text(value.get("name")), labels(value.get("labels")), path, value) for path, value in found)

    @cached_property
    def policies(self) -> tuple[Policy, ...]:
        """Each block of traffic policy it holds: its own, those of its subsets, and the port level settings of each."""
        from sailwright.mesh.objects.traffic_policy import policy_blocks

        own = policy_blocks(self.manifest.spec.get("trafficPolicy"), ("spec", "trafficPolicy"), "")
        of_subsets = (
            policy_blocks(subset.value.get("trafficPolicy"), (*subset.path, "trafficPolicy"), subset.name)
            for subset in self.subsets
        )
        return (*own, *chain.from_iterable(of_subsets))

    @cached_property
    def _policies_with(self) -> dict[str, list[Policy]]:
        found: dict[str, list[Policy]] = {}
        for policy in self.policies:
            for key in policy.value:
                found.setdefault(key, []).append(policy)
        return found

    def policies_with(self, key: str) -> Sequence[Policy]:
        """Those of its policies that say something under a key, as `connectionPool`; many rules ask for each."""
        return self._policies_with.get(key, ())

    @cached_property
    def workload_selector(self) -> dict[str, str]:
        """The labels of the clients it is for; empty for all."""
        return labels(get(self.manifest.spec, "workloadSelector", "matchLabels"))


@dataclass(frozen=True, slots=True)
class Server:
    """A server of a Gateway. `hosts` are as written, each perhaps with a `namespace/` before it."""

    path: Path
    port: int
    protocol: str
    hosts: tuple[str, ...]
    bind: str
    tls: Mapping[str, Any] | None
    value: Mapping[str, Any]


@dataclass(frozen=True)
class Gateway:
    """An Istio Gateway."""

    manifest: Manifest
    namespace: str

    @property
    def full_name(self) -> str:
        """`namespace/name`, as a VirtualService refers to it."""
        return f"{self.namespace}/{self.manifest.name}"

    @cached_property
    def selector(self) -> dict[str, str]:
        """The labels of the gateway pods that serve it."""
        return labels(self.manifest.spec.get("selector"))

    @cached_property
    def servers(self) -> tuple[Server, ...]:
        """Its servers, in the order of the file."""
        return tuple(_server(*found) for found in entries(self.manifest.spec.get("servers"), ("spec", "servers")))


def _server(path: Path, value: dict[str, Any]) -> Server:
    port, tls = mapping(value.get("port")), value.get("tls")
    return Server(
        path,
        number(port.get("number")),
        text(port.get("protocol")),
        tuple(texts(value.get("hosts"))),
        text(value.get("bind")),
        tls if isinstance(tls, dict) else None,
        value,
    )


def gateway_name(reference: str, namespace: str) -> str:
    """`namespace/name` of a gateway that a VirtualService of `namespace` refers to."""
    return reference if "/" in reference else f"{namespace}/{reference}"


def is_generated_gateway(reference: str) -> bool:
    """Whether a reference names the internal gateway that Istio keeps for a Kubernetes Gateway."""
    return "~istio-autogenerated-k8s-gateway~" in reference
