"""Workloads: whatever makes pods, read through its pod template; a Pod is its own template."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any, Final, TypeVar

from sailwright.diagnostics.finding import Path
from sailwright.mesh.values.kinds import template_of_kind
from sailwright.runtime.records import dataclass
from sailwright.source.manifest import Manifest
from sailwright.source.untyped import entries, get, labels, mapping, number, text

T = TypeVar("T")

PROXY: Final = "istio-proxy"
INJECT: Final = "sidecar.istio.io/inject"


@dataclass(frozen=True, slots=True)
class Container:
    """A container of a pod template. `path` leads from the object to it; `init` tells where it stands."""

    name: str
    path: Path
    value: Mapping[str, Any]
    init: bool

    @property
    def image(self) -> str:
        """The image reference."""
        found = self.value.get("image")
        return found if isinstance(found, str) else ""

    @property
    def is_ztunnel(self) -> bool:
        """Whether it is the node proxy of ambient mode, whose container is called istio-proxy too (`args: [proxy, ztunnel]`)."""
        arguments = self.value.get("args")
        return self.name == PROXY and isinstance(arguments, list) and "ztunnel" in arguments

    @property
    def is_native_sidecar(self) -> bool:
        """An init container that is restarted lives as long as the pod."""
        return self.init and self.value.get("restartPolicy") == "Always"


@dataclass(frozen=True)
class Workload:
    """An object that makes pods. `template` is the path of its pod template, empty for a Pod."""

    manifest: Manifest
    template: tuple[str, ...]
    namespace: str

    @property
    def name(self) -> str:
        """The object's name."""
        return self.manifest.name

    @property
    def kind(self) -> str:
        """The object's kind."""
        return self.manifest.kind

    @property
    def is_pod(self) -> bool:
        """Whether it is a Pod, not a template of some."""
        return not self.template

    @cached_property
    def pod(self) -> dict[str, Any]:
        """The template: a mapping with `metadata` and `spec`."""
        return mapping(get(self.manifest.value, *self.template))

    @cached_property
    def labels(self) -> dict[str, str]:
        """The labels its pods carry."""
        return labels(get(self.pod, "metadata", "labels"))

    @cached_property
    def annotations(self) -> dict[str, str]:
        """The annotations its pods carry."""
        return labels(get(self.pod, "metadata", "annotations"))

    @cached_property
    def spec(self) -> dict[str, Any]:
        """The pod spec."""
        return mapping(self.pod.get("spec"))

    def derived(self, compute: Callable[[Workload], T]) -> T:
        """What a query works out of the workload alone, kept with it: `compute` runs once, however many rules ask."""
        if compute not in self._derived:
            self._derived[compute] = compute(self)
        found: T = self._derived[compute]
        return found

    @cached_property
    def _derived(self) -> dict[Callable[[Workload], Any], Any]:
        return {}

    def path(self, *keys: str | int) -> Path:
        """The path of something inside the template, seen from the object."""
        return (*self.template, *keys)

    @cached_property
    def containers(self) -> tuple[Container, ...]:
        """Containers, then init containers, in the order of the file."""
        return tuple(self._containers("containers", init=False)) + tuple(self._containers("initContainers", init=True))

    def _containers(self, key: str, *, init: bool) -> Iterator[Container]:
        for path, value in entries(self.spec.get(key), self.path("spec", key)):
            yield Container(text(value.get("name")), path, value, init)

    @cached_property
    def proxy(self) -> Container | None:
        """Its own istio-proxy container, classic or native, where the manifest has one; ztunnel is no sidecar."""
        named = (container for container in self.containers if container.name == PROXY)
        return next((container for container in named if not container.is_ztunnel), None)

    @cached_property
    def applications(self) -> tuple[Container, ...]:
        """The containers of the application: what injection adds is left out."""
        added = (PROXY, "istio-init", "istio-validation")
        return tuple(container for container in self.containers if container.name not in added)

    @property
    def is_gateway(self) -> bool:
        """Whether its pods run the proxy alone: nothing of an application is in them."""
        return bool(self.containers) and not self.applications

    @cached_property
    def container_ports(self) -> dict[str | int, int]:
        """The declared ports of its containers: the number by the name, or by itself where the port has no name."""
        ports = (port for container in self.containers for _, port in entries(container.value.get("ports"), ()))
        return {
            text(port.get("name")) or number(port.get("containerPort")): number(port.get("containerPort"))
            for port in ports
        }

    def port_number(self, target: int | str) -> int | None:
        """The number of a container port that a Service or a probe asks for by number or by name; None for an unknown name."""
        return target if isinstance(target, int) else self.container_ports.get(target)

    @property
    def service_account(self) -> str:
        """The ServiceAccount its pods run as: their identity in the mesh."""
        return text(self.spec.get("serviceAccountName")) or text(self.spec.get("serviceAccount")) or "default"

    @property
    def host_network(self) -> bool:
        """Whether its pods share the node's network; such pods are never injected."""
        return self.spec.get("hostNetwork") is True

    @property
    def inject(self) -> str | None:
        """What the template itself asks of injection: the label `sidecar.istio.io/inject`, else the annotation."""
        return self.labels.get(INJECT, self.annotations.get(INJECT))


def template_path(manifest: Manifest) -> tuple[str, ...] | None:
    """Where an object holds its pod template, None where it makes no pods."""
    return template_of_kind(manifest.api_version, manifest.kind)


def workloads(manifests: Iterable[Manifest], unnamed_namespace: str) -> Iterator[Workload]:
    """The workloads among objects; those without a namespace lie in `unnamed_namespace`."""
    for manifest in manifests:
        path = template_path(manifest)
        if path is not None:
            yield Workload(manifest, path, manifest.namespace or unnamed_namespace)


def external_workload(manifest: Manifest) -> bool:
    """Whether a rendered object belongs to a service whose workloads others own (`workload: external`)."""
    return manifest.origin is not None and mapping(manifest.origin.document.value).get("workload") == "external"
