"""The parts of a Service: typed, frozen, defaults and overlays already applied.

What Kubernetes and Istio spell out themselves (containers, traffic policies, matches) stays plain data in their words. Each
part has a `path`: its place in the resolved tree. `Service.written` leads from there to the line its author owns.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from sailwright.diagnostics.finding import Path
from sailwright.runtime.records import dataclass, field

Block = Mapping[str, Any]
"""A passage of Kubernetes' or Istio's own words, passed through."""
Family = Literal["http", "tcp", "tls"]
"""The three routing blocks of a VirtualService."""
Inject = Literal["build", "webhook", "ambient", "none", "namespace"]
"""Who injects the sidecar: the build, the webhook by labels on the pods, nobody, or whoever the labels of the namespace say."""

AUTO = "auto"
"""The `appProtocol` that is not written: Istio goes by the port's name, or finds out by itself (protocol detection)."""
_HTTP = frozenset((AUTO, "http", "http2", "grpc", "grpc-web", "kubernetes.io/h2c", "kubernetes.io/ws"))
_TLS = frozenset(("https", "tls", "kubernetes.io/wss"))


@dataclass(frozen=True, slots=True)
class Port:
    """A port of the service. `target_port` is the container's number or name."""

    name: str
    port: int
    target_port: int | str
    app_protocol: str
    protocol: str
    node_port: int | None
    path: Path

    @property
    def family(self) -> Family | None:
        """The VirtualService block that routes this port (pkg/config/kube/conversion.go); None for UDP."""
        if self.protocol == "UDP" or self.app_protocol == "udp":
            return None
        if self.app_protocol in _HTTP:
            return "http"
        return "tls" if self.app_protocol in _TLS else "tcp"


@dataclass(frozen=True, slots=True)
class AdditionalService:
    """One more Kubernetes Service in front of the pods; `settings` as those of the first."""

    name: str
    settings: Block
    ports: tuple[Port, ...]
    path: Path


@dataclass(frozen=True, slots=True)
class ServiceAccount:
    """The identity of pods. `create` says whether it is rendered, `named` whether the pods name it: they run as `default` else."""

    name: str
    create: bool
    annotations: Mapping[str, str]
    path: Path
    labels: Mapping[str, str] = field(default_factory=dict)
    named: bool = True


@dataclass(frozen=True, slots=True)
class Version:
    """A version: one workload and one subset. `weight` is None where no version of the service has one.

    `settings` are the pods' settings with the service's defaults under them, in the words of service.yaml (image, env,
    resources, replicas, autoscaling ...). `workload_name` and `selector` are those of the workload object, `workload_labels` and
    `workload_annotations` its own. `subset` are the labels written for the subset: the pods then get no labels of ours.
    """

    name: str
    weight: int | None
    retire: bool
    settings: Block
    traffic_policy: Block | None
    workload_name: str
    selector: Mapping[str, str]
    service_account: ServiceAccount
    path: Path
    subset: Mapping[str, str] | None = None
    workload_labels: Mapping[str, str] = field(default_factory=dict)
    workload_annotations: Mapping[str, str] = field(default_factory=dict)

    @property
    def image(self) -> str:
        """The application's image; empty where the workload is rendered by somebody else."""
        return str(self.settings.get("image", ""))

    @property
    def labels(self) -> Mapping[str, str]:
        """The user's labels of the pods, beside `app` and `version`."""
        return self.settings.get("labels") or {}


@dataclass(frozen=True, slots=True)
class Destination:
    """One part of a split: a version of this service, or another host. `weight` is None where it takes everything."""

    version: str | None
    host: str | None
    subset: str | None
    port: int | None
    weight: int | None
    headers: Block | None
    path: Path


@dataclass(frozen=True, slots=True)
class Mirror:
    """Where a copy of the traffic goes; `percentage` is None for all of it."""

    version: str | None
    host: str | None
    subset: str | None
    port: int | None
    percentage: float | None
    path: Path


@dataclass(frozen=True, slots=True)
class Route:
    """A route. `match` holds Istio's match blocks; `settings` the blocks that go into the rule as they are.

    `settings` may hold timeout, retries, fault, corsPolicy, headers, rewrite, redirect, directResponse, delegate.
    """

    name: str
    family: Family
    match: tuple[Block, ...]
    destinations: tuple[Destination, ...]
    mirrors: tuple[Mirror, ...]
    settings: Block
    path: Path


@dataclass(frozen=True, slots=True)
class GatewayListener:
    """A Gateway (NAMESPACE/NAME), and which of its listeners takes the hosts: by name or by port, None for any."""

    gateway: str
    section: str | None
    port: int | None
    path: Path


@dataclass(frozen=True, slots=True)
class Expose:
    """Hosts on Gateways, the gateways as NAMESPACE/NAME; `listeners` has them with their sections."""

    hosts: tuple[str, ...]
    gateways: tuple[str, ...]
    export_to: tuple[str, ...] | None
    path: Path
    listeners: tuple[GatewayListener, ...] = ()


@dataclass(frozen=True, slots=True)
class Caller:
    """Who may call. `value` is NAMESPACE/NAME for services and service accounts, else the principal or namespace."""

    kind: Literal["service", "serviceAccount", "principal", "namespace"]
    value: str
    path: Path


@dataclass(frozen=True, slots=True)
class Callee:
    """What is called. `value` is NAMESPACE/NAME for services, else the host or namespace."""

    kind: Literal["service", "host", "namespace"]
    value: str
    path: Path


@dataclass(frozen=True, slots=True)
class AccessPolicy:
    """Callers and callees; None where the file does not say, an empty tuple for nobody."""

    inbound: tuple[Caller, ...] | None
    outbound: tuple[Callee, ...] | None
    path: Path = ("accessPolicy",)


@dataclass(frozen=True, slots=True)
class MeshSettings:
    """How the service takes part in the mesh. `sidecar` and `istio` are in the words of service.yaml.

    `waypoint` is NAME, NAMESPACE/NAME or `none`; empty where the file leaves it to the namespace.
    """

    inject: Inject
    mtls: str | None
    sidecar: Block
    istio: Block
    waypoint: str = ""
    path: Path = ("mesh",)


@dataclass(frozen=True, slots=True)
class Workload:
    """The kind of workload; `external` when somebody else renders it. `fields` are those of the kind, passed through."""

    kind: str
    external: bool
    fields: Block
    path: Path = ("workload",)


@dataclass(frozen=True, slots=True)
class External:
    """A service outside the cluster, in ServiceEntry words."""

    hosts: tuple[str, ...]
    addresses: tuple[str, ...]
    location: str
    resolution: str
    endpoints: tuple[Block, ...]
    workload_selector: Block | None
    subject_alt_names: tuple[str, ...]
    path: Path = ("external",)


@dataclass(frozen=True, slots=True)
class ConfigFiles:
    """Files of the repository that become a ConfigMap: (key, path from the service file's folder, path in the tree)."""

    files: tuple[tuple[str, str, Path], ...]
    mount_path: str | None
    path: Path = ("config",)


@dataclass(frozen=True, slots=True)
class ObjectPatch:
    """A change to rendered objects: a JSON patch (list) or a merge patch (map). `name` None means all of the kind."""

    kind: str
    name: str | None
    patch: list[Block] | Block
    path: Path


@dataclass(frozen=True, slots=True)
class TestCase:
    """A question to the simulated mesh and the expected answer, in the words of service.yaml."""

    name: str
    caller: Block
    request: Block
    expect: Block
    path: Path
