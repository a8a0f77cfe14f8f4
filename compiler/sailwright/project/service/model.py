"""A service as one cluster of one environment gets it: typed, frozen, defaults and overlays already applied."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sailwright.diagnostics.finding import Path
from sailwright.project.service.parts import (
    AccessPolicy,
    AdditionalService,
    Block,
    ConfigFiles,
    Expose,
    External,
    Family,
    MeshSettings,
    Mirror,
    ObjectPatch,
    Port,
    Route,
    TestCase,
    Version,
    Workload,
)
from sailwright.project.service.trace import Places, Spot
from sailwright.runtime.records import dataclass, field
from sailwright.source.source import Document

_FAMILIES: tuple[Family, ...] = ("http", "tls", "tcp")


@dataclass(frozen=True)
class Service:
    """One service in one cluster of one environment (both None where the project declares none).

    `service_settings` are fields of the Kubernetes Service; `default_route` holds the HTTP settings of the weighted default
    route, with `default_mirrors`. `labels` and `annotations` stand on every rendered object.
    """

    document: Document
    tree: Block = field(repr=False)
    trace: Places = field(repr=False)
    environment: str | None
    cluster: str | None
    name: str
    namespace: str
    owner: str | None
    system: str | None
    labels: Mapping[str, str]
    annotations: Mapping[str, str]
    ports: tuple[Port, ...]
    service_settings: Block
    workload: Workload
    versions: tuple[Version, ...]
    external: External | None
    traffic_policy: Block | None
    routes: tuple[Route, ...]
    default_route: Block
    default_mirrors: tuple[Mirror, ...]
    export_to: tuple[str, ...] | None
    expose: Expose | None
    access_policy: AccessPolicy
    mesh: MeshSettings
    config: ConfigFiles | None
    include: tuple[str, ...]
    patches: tuple[ObjectPatch, ...]
    tests: tuple[TestCase, ...]
    additional_services: tuple[AdditionalService, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    routing: Block = field(default_factory=dict)

    @property
    def file(self) -> str:
        """The path of its service.yaml, as messages print it."""
        return self.document.source.path

    @property
    def key(self) -> str:
        """NAMESPACE/NAME."""
        return f"{self.namespace}/{self.name}"

    @property
    def host_name(self) -> str:
        """The name of its Kubernetes Service, the first label of its host."""
        return str(self.service_settings.get("name") or self.name)

    def name_of(self, kind: str) -> str:
        """The name of its `destinationRule`, its `virtualService`, or its `route` of the Gateway API."""
        return self.names.get(kind, self.name)

    @property
    def selector(self) -> Mapping[str, str]:
        """The labels by which its Service and its policies know the pods of all versions."""
        written = self.service_settings.get("selector")
        if written:
            return dict(written)
        app = self.pod_labels(self.versions[0]).get("app") if self.versions else None
        return {"app": app or self.name}

    def pod_labels(self, version: Version) -> dict[str, str]:
        """The labels of a version's pods, beside those that injection adds."""
        added = {} if self.service_settings.get("selector") else {"app": self.name}
        added["version"] = version.name
        return {**({} if version.subset is not None else added), **version.labels, **version.selector}

    def backend_name(self, version: Version) -> str:
        """The name of the Kubernetes Service of one version, where routes are those of the Gateway API."""
        return f"{self.name}-{version.name}"

    @property
    def headless(self) -> bool:
        """Whether callers get the pods' own addresses, so that sidecars cannot choose between them."""
        return self.service_settings.get("clusterIP") == "None"

    @property
    def families(self) -> tuple[Family, ...]:
        """The VirtualService blocks its ports need, in the order http, tls, tcp."""
        present = {port.family for port in self.ports}
        return tuple([family for family in _FAMILIES if family in present])

    @property
    def weighted(self) -> bool:
        """Whether its versions split the traffic by weight."""
        return any(version.weight is not None for version in self.versions)

    def version(self, name: str) -> Version | None:
        """The version of that name."""
        return next((version for version in self.versions if version.name == name), None)

    def written_in(self, *path: str | int) -> bool:
        """Whether the resolved tree holds anything at a key path, beneath what defaults of ours would put there."""
        node: Any = self.tree
        for key in path:
            if not isinstance(node, dict) or key not in node:
                return False
            node = node[key]
        return True

    def written(self, path: Path) -> Spot:
        """Where the value at `path` of the resolved tree is written: service.yaml, an overlay in it, or sailwright.yaml."""
        return self.trace.find(path)
