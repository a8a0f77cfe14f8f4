"""The annotations of Istio: what each of them may stand on, and which are deprecated.

Source: annotation/annotations.yaml of istio.io/api, 1.29 to 1.31.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Final

from sailwright.diagnostics.finding import Path
from sailwright.mesh.values import kinds
from sailwright.mesh.values.releases import release_numbers
from sailwright.runtime.records import dataclass
from sailwright.source.manifest import Manifest
from sailwright.source.untyped import labels

if TYPE_CHECKING:
    from sailwright.mesh.index import Index
    from sailwright.mesh.objects.workloads import Workload

ANY: Final = "Any"


@dataclass(frozen=True, slots=True)
class Annotation:
    """An annotation that Istio knows. `instead` tells what replaces a deprecated one, where something does."""

    kinds: tuple[str, ...]
    deprecated: bool = False
    instead: str = ""


@dataclass(frozen=True, slots=True)
class Annotated:
    """Annotations in one place: the metadata of an object, or (`kind` Pod) of the pods it makes."""

    manifest: Manifest
    path: Path
    kind: str
    pods: Workload | None = None

    @property
    def annotations(self) -> Mapping[str, str]:
        """The annotations."""
        return labels(self.manifest.annotations) if self.pods is None else self.pods.annotations

    @property
    def labels(self) -> Mapping[str, str]:
        """The labels beside them."""
        return labels(self.manifest.labels) if self.pods is None else self.pods.labels


_POD = Annotation(("Pod",))
_SIDECAR = [
    "agentLogLevel",
    "bootstrapOverride",
    "componentLogLevel",
    "interceptionMode",
    "logLevel",
    "nativeSidecar",
    "proxyCPU",
    "proxyCPULimit",
    "proxyImage",
    "proxyImageType",
    "proxyMemory",
    "proxyMemoryLimit",
    "rewriteAppHTTPProbers",
    "statsEvictionInterval",
    "statsFlushInterval",
    "statsHistogramBins",
    "statsHistogramBuckets",
    "status",
    "userVolume",
    "userVolumeMount",
]
_TRAFFIC = [
    "excludeInboundPorts",
    "excludeInterfaces",
    "excludeOutboundIPRanges",
    "excludeOutboundPorts",
    "includeInboundPorts",
    "includeOutboundIPRanges",
    "includeOutboundPorts",
]
_OTHER_POD = (
    "ambient.istio.io/bypass-inbound-capture",
    "ambient.istio.io/dns-capture",
    "ambient.istio.io/redirection",
    "inject.istio.io/templates",
    "istio.io/reroute-virtual-interfaces",
    "prometheus.istio.io/merge-metrics",
    "proxy.istio.io/config",
    "proxy.istio.io/overrides",
    "status.sidecar.istio.io/port",
)
_READINESS = ("applicationPorts", "failureThreshold", "initialDelaySeconds", "periodSeconds")
_DEPRECATED_POD = {
    "sidecar.istio.io/discoveryAddress": "discoveryAddress in proxy.istio.io/config",
    "sidecar.istio.io/extraStatTags": "a Telemetry with tagOverrides",
    "sidecar.istio.io/inject": "the label of the same name",
    "sidecar.istio.io/statsCompression": "statsCompression in proxy.istio.io/config",
    "sidecar.istio.io/statsInclusionPrefixes": "proxyStatsMatcher in proxy.istio.io/config",
    "sidecar.istio.io/statsInclusionRegexps": "proxyStatsMatcher in proxy.istio.io/config",
    "sidecar.istio.io/statsInclusionSuffixes": "proxyStatsMatcher in proxy.istio.io/config",
    "traffic.sidecar.istio.io/kubevirtInterfaces": "istio.io/reroute-virtual-interfaces",
}
_REGISTRY: Final[Mapping[str, Annotation]] = {
    **{f"sidecar.istio.io/{name}": _POD for name in _SIDECAR},
    **{f"traffic.sidecar.istio.io/{name}": _POD for name in _TRAFFIC},
    **{f"readiness.status.sidecar.istio.io/{name}": _POD for name in _READINESS},
    **dict.fromkeys(_OTHER_POD, _POD),
    **{name: Annotation(("Pod",), deprecated=True, instead=instead) for name, instead in _DEPRECATED_POD.items()},
    "alpha.istio.io/canonical-serviceaccounts": Annotation(("Service",), deprecated=True),
    "alpha.istio.io/kubernetes-serviceaccounts": Annotation(("Service",), deprecated=True),
    "ambient.istio.io/waypoint-inbound-binding": Annotation(("GatewayClass", "Gateway")),
    "galley.istio.io/analyze-suppress": Annotation((ANY,)),
    "gateway.istio.io/controller-version": Annotation((ANY,)),
    "gateway.istio.io/name-override": Annotation(("Gateway",)),
    "gateway.istio.io/service-account": Annotation(("Gateway",)),
    **dict.fromkeys(
        [
            f"istio.io/{name}"
            for name in ("autoRegistrationGroup", "connectedAt", "disconnectedAt", "workloadController")
        ],
        Annotation(("WorkloadEntry",)),
    ),
    "istio.io/rev": Annotation((ANY,)),  # for Pods, and written by the injector; the analyzers let it stand anywhere
    "istio.io/dry-run": Annotation(("AuthorizationPolicy",)),
    "kubernetes.io/ingress.class": Annotation(("Ingress",)),
    "networking.istio.io/exportTo": Annotation(("Service",)),
    "networking.istio.io/service-type": Annotation(("Gateway",)),
    "networking.istio.io/traffic-distribution": Annotation(("Service", "ServiceEntry")),
    "topology.istio.io/controlPlaneClusters": Annotation(("Namespace",)),
    "traffic.istio.io/nodeSelector": Annotation(("Service",)),
}
_SINCE_1_31: Final[Mapping[str, Annotation]] = {
    "istio.io/use-waypoint-canary-weight": Annotation(("Service", "ServiceEntry", "Namespace")),
    "networking.istio.io/traffic-distribution": Annotation(("Namespace", "Service", "ServiceEntry")),
}


_NEWEST: Final[Mapping[str, Annotation]] = {**_REGISTRY, **_SINCE_1_31}


def registry(version: str) -> Mapping[str, Annotation]:
    """The annotations that a release knows, by name."""
    return _NEWEST if release_numbers(version)[:2] >= (1, 31) else _REGISTRY


def is_of_istio(name: str) -> bool:
    """Whether an annotation is Istio's by its domain."""
    return name == "kubernetes.io/ingress.class" or name.partition("/")[0].endswith("istio.io")


def annotated(index: Index) -> Iterator[Annotated]:
    """Where annotations of Istio are looked at: Namespaces, Services and workloads, and the pods these make.

    The analyzers look at Namespaces, Services, Pods and Deployments, and not at pod templates.
    """
    wanted = (kinds.NAMESPACE, kinds.SERVICE, *((kinds.POD, kinds.DEPLOYMENT) if index.facts.compat else ()))
    for manifest in index.of(*wanted):
        yield _of_object(manifest)
    for workload in index.each_workload() if not index.facts.compat else ():
        yield _of_object(workload.manifest)
        if workload.template:
            path = workload.path("metadata", "annotations")
            yield Annotated(workload.manifest, path, "Pod", workload)


def _of_object(manifest: Manifest) -> Annotated:
    return Annotated(manifest, ("metadata", "annotations"), manifest.kind)
