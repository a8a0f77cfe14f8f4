"""The injector's settings for what a project file says of Istio."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sailwright.mesh.values.releases import NEWEST
from sailwright.render.injection.settings import InjectionSettings, settings_from
from sailwright.runtime.cache import Cache

if TYPE_CHECKING:
    from sailwright.project.istio import IstioSettings

Said = Mapping[str, Any]
"""What a project says of Istio in one place, as plain data: the arguments of `settings_from` (None where it says nothing), and `strict_patch`."""


def said(istio: IstioSettings) -> Said:
    """Only keys that the project writes stand above its values."""
    return {
        "values": dict(istio.values),
        "mesh_config": dict(istio.mesh_config),
        "release": istio.version,
        "revision": istio.revision,
        "sidecar_mode": istio.sidecar_mode,
        "cni": istio.cni if "cni" in istio.given else None,
        "cluster_domain": istio.cluster_domain if "clusterDomain" in istio.given else None,
        "cluster_id": istio.cluster_id,
        "network": istio.network,
        "strict_patch": istio.strict_patch,
    }


def settings_said(
    place: Said,
    *,
    release: str | None = None,
    revision: str | None = None,
    sidecar_mode: str | None = None,
    cache: Cache | None = None,
) -> InjectionSettings:
    """Settings for one place of a project; flags win. Raises Failure as `settings_from` does."""
    chosen = {
        "release": release or place["release"] or str(NEWEST),
        "revision": revision or place["revision"],
        "sidecar_mode": sidecar_mode or place["sidecar_mode"] or "classic",
    }
    given = {name: value for name, value in place.items() if name != "strict_patch"}
    return settings_from(**{**given, **chosen}, cache=cache)


def project_settings(istio: IstioSettings, *, cache: Cache | None = None) -> InjectionSettings:
    """Settings for one place of a project that is read already."""
    return settings_said(said(istio), cache=cache)
