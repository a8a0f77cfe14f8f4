"""What a workload says about its sidecar: resources by annotation or container, concurrency, release and revision.

Source: Istio's injection template; istio.io "Resource Annotations".
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, Final, Literal

from sailwright.diagnostics.finding import Path
from sailwright.mesh.objects.workloads import PROXY, Container, Workload
from sailwright.mesh.values.quantity import quantity
from sailwright.runtime.records import dataclass
from sailwright.source.source import parse
from sailwright.source.untyped import entries, mapping, number, text

if TYPE_CHECKING:
    from fractions import Fraction

Side = Literal["requests", "limits"]
Amounts = tuple[Side, str]

RESOURCE_ANNOTATIONS: Final[Mapping[Amounts, str]] = {
    ("requests", "cpu"): "sidecar.istio.io/proxyCPU",
    ("requests", "memory"): "sidecar.istio.io/proxyMemory",
    ("limits", "cpu"): "sidecar.istio.io/proxyCPULimit",
    ("limits", "memory"): "sidecar.istio.io/proxyMemoryLimit",
}
"""Any one of these replaces the whole resources block of the proxy and its init container."""

PROXY_CONFIG_ANNOTATION: Final = "proxy.istio.io/config"
STATUS_ANNOTATION: Final = "sidecar.istio.io/status"
INJECTED_CONTAINERS: Final = (PROXY, "istio-init", "istio-validation")
"""The containers that injection adds."""


@dataclass(frozen=True, slots=True)
class Amount:
    """One request or limit: as written, as a number (None: no quantity), and where it stands."""

    written: str
    number: Fraction | None
    path: Path


@dataclass(frozen=True, slots=True)
class Resources:
    """The requests and limits that one place gives the sidecar: its annotations, or one injected container.

    `complete`: nothing is added to them at injection. `container` is empty for the annotations.
    """

    container: str
    path: Path
    complete: bool
    amounts: Mapping[Amounts, Amount]

    @property
    def subject(self) -> str:
        """For messages."""
        return f"container {self.container}" if self.container else "the sidecar"

    @property
    def is_proxy(self) -> bool:
        """Whether they are the proxy's, not only its init container's."""
        return self.container in ("", PROXY)


def sidecar_resources(workload: Workload) -> tuple[Resources, ...]:
    """Where a workload sets its sidecar's resources: the annotations, else each injected container it holds.

    A container is complete when it is baked; `image: auto` is completed from the injection template.
    """
    return workload.derived(_all_resources)


def _all_resources(workload: Workload) -> tuple[Resources, ...]:
    return tuple(_resources(workload))


def _resources(workload: Workload) -> Iterator[Resources]:
    if workload.inject == "false" and workload.proxy is None:
        return
    amounts = dict(_annotated(workload))
    if amounts:
        path = workload.path("metadata", "annotations")
        yield Resources("", path, True, amounts)
        return
    for container in injected_containers(workload):
        yield Resources(container.name, container.path, baked(container), dict(_amounts(container)))


def injected_containers(workload: Workload) -> tuple[Container, ...]:
    """The istio-proxy, istio-init and istio-validation containers that stand in the manifest."""
    named = (container for container in workload.containers if container.name in INJECTED_CONTAINERS)
    return tuple(container for container in named if not container.is_ztunnel)


def baked(container: Container) -> bool:
    """Whether the container runs as written: it names an image, where an override for the injector says `auto`."""
    return container.image not in ("", "auto")


def _annotated(workload: Workload) -> Iterator[tuple[Amounts, Amount]]:
    for amount, annotation in RESOURCE_ANNOTATIONS.items():
        written = workload.annotations.get(annotation)
        if written:
            path = workload.path("metadata", "annotations", annotation)
            yield amount, Amount(written, quantity(written), path)


def _amounts(container: Container) -> Iterator[tuple[Amounts, Amount]]:
    for amount in RESOURCE_ANNOTATIONS:
        side, resource = amount
        written = mapping(mapping(container.value.get("resources")).get(side)).get(resource)
        if written is not None:
            path = (*container.path, "resources", side, resource)
            yield amount, Amount(str(written), quantity(written), path)


def environment(container: Container) -> Mapping[str, tuple[str, Path]]:
    """The literal environment variables of a container, each with the path of its value."""
    found = entries(container.value.get("env"), (*container.path, "env"))
    return {
        text(entry.get("name")): (text(entry.get("value")), (*path, "value"))
        for path, entry in found
        if "value" in entry
    }


def proxy_environment(workload: Workload) -> Mapping[str, tuple[str, Path]]:
    """The environment of a workload's proxy, empty where none stands in the manifest; several rules ask for it."""
    return workload.derived(_proxy_environment)


def _proxy_environment(workload: Workload) -> Mapping[str, tuple[str, Path]]:
    return environment(workload.proxy) if workload.proxy is not None else {}


@dataclass(frozen=True, slots=True)
class ProxySetting:
    """A proxy setting of a workload and the place that sets it."""

    value: Any
    path: Path


def proxy_setting(workload: Workload, key: str) -> ProxySetting | None:
    """A key of the ProxyConfig that the workload itself sets: by annotation, or baked into PROXY_CONFIG."""
    annotation = workload.annotations.get(PROXY_CONFIG_ANNOTATION)
    if annotation:
        config = embedded(annotation)
        if key in config:
            return ProxySetting(config[key], workload.path("metadata", "annotations", PROXY_CONFIG_ANNOTATION))
    if workload.proxy is not None:
        baked, path = proxy_environment(workload).get("PROXY_CONFIG", ("", ()))
        config = embedded(baked)
        if key in config:
            return ProxySetting(config[key], path)
    return None


@cache
def embedded(written: str) -> dict[str, Any]:
    """A ProxyConfig written inside a string, as YAML or JSON; empty where it is neither."""
    try:
        return mapping(json.loads(written))  # as the injector writes it; many times faster than YAML
    except (ValueError, RecursionError):
        pass
    documents = parse("", written.encode(), "manifest").documents
    return mapping(documents[0].value) if documents else {}


def concurrency(workload: Workload) -> ProxySetting | None:
    """The worker threads a workload asks for; 0 is one for each core of the node."""
    setting = proxy_setting(workload, "concurrency")
    if setting is None or not isinstance(setting.value, int) or isinstance(setting.value, bool):
        return None
    return ProxySetting(number(setting.value), setting.path)
