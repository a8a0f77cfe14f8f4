"""What the project says of Istio, layer by layer, and what it comes to in one place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sailwright.runtime.records import dataclass

Layer = Mapping[str, Any]
"""An `istio:` block, with `values` and `meshConfig` already read where they name a file."""
_MAPS = ("values", "meshConfig", "controlPlanes")
"""Keys whose maps merge; the others are replaced."""


@dataclass(frozen=True, slots=True)
class IstioSettings:
    """Istio in one cluster, as one service sees it.

    `version` and `sidecar_mode` are None where the project names none. `values` are the injector's, `mesh_config` MeshConfig,
    both in Istio's words and without the keys that have a name of their own here.
    """

    version: str | None
    control_planes: Mapping[str, str]
    revision: str
    sidecar_mode: str | None
    cni: bool
    cluster_domain: str
    cluster_id: str | None
    network: str | None
    values: Layer
    mesh_config: Layer
    strict_patch: bool
    strict_minor: bool
    given: frozenset[str]
    """The keys that some layer writes: those stand above `values` and `mesh_config`."""


def resolved(layers: Iterable[Layer]) -> IstioSettings:
    """The layers upon each other, the last one on top."""
    result: dict[str, Any] = {}
    for layer in layers:
        for key, value in layer.items():
            result[key] = merged(result[key], value) if key in _MAPS and key in result else value
    return IstioSettings(
        version=result.get("version"),
        control_planes=result.get("controlPlanes") or {},
        revision=result.get("revision", "default"),
        sidecar_mode=result.get("sidecarMode"),
        cni=result.get("cni", False),
        cluster_domain=result.get("clusterDomain", "cluster.local"),
        cluster_id=result.get("clusterId"),
        network=result.get("network"),
        values=result.get("values") or {},
        mesh_config=result.get("meshConfig") or {},
        strict_patch=result.get("strictPatch", False),
        strict_minor=result.get("strictMinor", False),
        given=frozenset(result),
    )


def merged(below: Any, above: Any) -> Any:
    """Two maps merged key by key; anything else is replaced, and null removes."""
    if not isinstance(below, Mapping) or not isinstance(above, Mapping):
        return above
    result = dict(below)
    for key, value in above.items():
        if value is None:
            result.pop(key, None)
        else:
            result[key] = merged(result[key], value) if key in result else value
    return result
