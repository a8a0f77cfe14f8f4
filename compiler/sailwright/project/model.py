"""sailwright.yaml as the program sees it: typed, frozen, with its defaults filled in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from sailwright.diagnostics.finding import Path
from sailwright.project.istio import IstioSettings, Layer, resolved
from sailwright.project.routing import OwnGateway, RoutingSettings, own_gateway, routing
from sailwright.project.service.model import Service
from sailwright.project.service.overlay import Traced
from sailwright.project.service.resolve import Target
from sailwright.runtime.records import dataclass, field
from sailwright.source.files.checkout import Checkout
from sailwright.source.manifest import Manifest
from sailwright.source.source import Document

DEFAULT_SERVICES = ("services/*/service.yaml",)
DEFAULT_OUTPUT = "rendered"


@dataclass(frozen=True, slots=True)
class Output:
    """Where manifests are written: `path` is relative to the project folder."""

    path: str = DEFAULT_OUTPUT
    layout: Literal["namespace", "service"] = "namespace"
    sync_waves: bool = True
    extra_kinds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Cluster:
    """A cluster: what it says of Istio, of routing and of the Gateway, and its Kubernetes versions (empty where it says nothing)."""

    name: str
    istio: Layer
    kubernetes: tuple[str, ...]
    routing: Layer = field(default_factory=dict)
    gateway: Layer | None = None


@dataclass(frozen=True, slots=True)
class Environment:
    """An environment and its clusters, in the order of the file."""

    name: str
    clusters: Mapping[str, Cluster]
    istio: Layer
    kubernetes: tuple[str, ...]
    routing: Layer = field(default_factory=dict)
    gateway: Layer | None = None


@dataclass(frozen=True, slots=True)
class Namespace:
    """A declared namespace. `services` are patterns of files that may render into it; None where the file does not say.

    `allow` are the privileges and the kinds of objects that a service of this namespace may have beyond the usual. `waypoint` is
    that of its services in ambient mode: NAME, NAMESPACE/NAME or `none`; empty where the file says nothing.
    """

    name: str
    labels: Mapping[str, str]
    services: tuple[str, ...] | None
    render: bool
    istio: Layer
    allow: tuple[str, ...] = ()
    routing: Layer = field(default_factory=dict)
    waypoint: str = ""


@dataclass(frozen=True, slots=True)
class ManifestSet:
    """Hand-written manifests: patterns of their files, and where they are (None for everywhere)."""

    paths: tuple[str, ...]
    environments: tuple[str, ...] | None
    clusters: tuple[str, ...] | None

    def in_target(self, target: Target) -> bool:
        """Whether they are in this cluster."""
        return (self.environments is None or target.environment in self.environments) and (
            self.clusters is None or target.cluster in self.clusters
        )


@dataclass(frozen=True)
class Project:
    """A project. `known` holds the declared facts that are present; `lint` and `validate` are blocks in the file's words."""

    document: Document
    checkout: Checkout = field(repr=False)
    services: tuple[str, ...] = DEFAULT_SERVICES
    output: Output = Output()
    istio: Layer = field(default_factory=dict)
    kubernetes: tuple[str, ...] = ()
    environments: Mapping[str, Environment] = field(default_factory=dict)
    namespaces: Mapping[str, Namespace] = field(default_factory=dict)
    manifests: tuple[ManifestSet, ...] = ()
    known: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    defaults: Traced | None = field(default=None, repr=False)
    lint: Mapping[str, Any] = field(default_factory=dict)
    validate: Mapping[str, Any] = field(default_factory=dict)
    routing: Layer = field(default_factory=dict)
    gateway: Layer | None = None

    @property
    def manifest(self) -> Manifest:
        """sailwright.yaml as a manifest among others, for the rules that judge what it declares."""
        return Manifest(self.document.value, self.document)

    @property
    def root(self) -> str:
        """The project's folder on disk."""
        return self.checkout.root

    @property
    def targets(self) -> tuple[Target, ...]:
        """Every cluster of every environment, in the order of the file; one nameless target where none is declared."""
        found = [
            Target(environment.name, cluster)
            for environment in self.environments.values()
            for cluster in (environment.clusters or (None,))
        ]
        return tuple(found) or (Target(),)

    def clusters(self) -> Mapping[str, tuple[str, ...]]:
        """The declared environments and the names of their clusters."""
        return {name: tuple(environment.clusters) for name, environment in self.environments.items()}

    def istio_for(self, target: Target, namespace: str | None = None, service: Service | None = None) -> IstioSettings:
        """Istio as it is in one place: service > namespace > cluster > environment > project."""
        layers = [self.istio]
        environment = self.environments.get(target.environment or "")
        if environment:
            layers.append(environment.istio)
            if cluster := environment.clusters.get(target.cluster or ""):
                layers.append(cluster.istio)
        if declared := self.namespaces.get(namespace or (service.namespace if service else "")):
            layers.append(declared.istio)
        if service:
            layers.append(service.mesh.istio)
        return resolved(layers)

    def routing_for(self, target: Target, service: Service) -> RoutingSettings:
        """As which objects the routes of a service are rendered: service > namespace > cluster > environment > project."""
        environment = self.environments.get(target.environment or "")
        cluster = environment.clusters.get(target.cluster or "") if environment else None
        declared = self.namespaces.get(service.namespace)
        above = (each.routing for each in (environment, cluster, declared) if each)
        return routing((self.routing, *above, service.routing))

    def gateway_for(self, target: Target) -> OwnGateway | None:
        """The Gateway that is rendered for one cluster: the cluster's, else the environment's, else the project's."""
        environment = self.environments.get(target.environment or "")
        cluster = environment.clusters.get(target.cluster or "") if environment else None
        at: Path = ("environments", target.environment or "")
        if cluster and cluster.gateway:
            return own_gateway(cluster.gateway, (*at, "clusters", cluster.name, "gateway"))
        if environment and environment.gateway:
            return own_gateway(environment.gateway, (*at, "gateway"))
        return own_gateway(self.gateway, ("gateway",)) if self.gateway else None

    def kubernetes_for(self, target: Target) -> tuple[str, ...]:
        """The Kubernetes versions of one cluster; empty where nothing names one."""
        environment = self.environments.get(target.environment or "")
        cluster = environment.clusters.get(target.cluster or "") if environment else None
        return (
            (cluster.kubernetes if cluster else ())
            or (environment.kubernetes if environment else ())
            or self.kubernetes
        )
