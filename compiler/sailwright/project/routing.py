"""Which API routes are rendered for, and the project's own Kubernetes Gateway: what the layers of the files come to in one place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Literal

from sailwright.diagnostics.finding import Path
from sailwright.runtime.records import dataclass

Api = Literal["istio", "gateway"]
Channel = Literal["standard", "experimental"]
Layer = Mapping[str, Any]
"""A `routing:` block."""

DEFAULT_NAME, DEFAULT_NAMESPACE, DEFAULT_CLASS = "gateway", "istio-ingress", "istio"


@dataclass(frozen=True, slots=True)
class RoutingSettings:
    """`api` says as which objects routes are rendered, `channel` which CRDs of the Gateway API the cluster has."""

    api: Api = "istio"
    channel: Channel = "standard"


def routing(layers: Iterable[Layer]) -> RoutingSettings:
    """The layers upon each other, the last one on top."""
    result: dict[str, Any] = {}
    for layer in layers:
        result |= {key: value for key, value in layer.items() if value is not None}
    return RoutingSettings(result.get("api", "istio"), result.get("channel", "standard"))


@dataclass(frozen=True, slots=True)
class OwnGateway:
    """The Kubernetes Gateway that the project renders. `path` is its place in sailwright.yaml; the rest is in Kubernetes' words."""

    name: str
    namespace: str
    class_name: str
    listeners: tuple[Mapping[str, Any], ...]
    labels: Mapping[str, str]
    annotations: Mapping[str, str]
    path: Path

    @property
    def key(self) -> str:
        """NAMESPACE/NAME, as services name it."""
        return f"{self.namespace}/{self.name}"


def own_gateway(block: Layer, path: Path) -> OwnGateway:
    """A `gateway:` block with its defaults."""
    return OwnGateway(
        name=block.get("name", DEFAULT_NAME),
        namespace=block.get("namespace", DEFAULT_NAMESPACE),
        class_name=block.get("class", DEFAULT_CLASS),
        listeners=tuple(block.get("listeners") or ()),
        labels=block.get("labels") or {},
        annotations=block.get("annotations") or {},
        path=path,
    )
