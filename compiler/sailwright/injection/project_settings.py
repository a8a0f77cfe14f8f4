"""The injector's settings for what a project file says of Istio."""

from __future__ import annotations

from sailwright.cache import Cache
from sailwright.injection.settings import InjectionSettings, settings_from
from sailwright.project.istio import IstioSettings
from sailwright.releases import NEWEST


def project_settings(
    istio: IstioSettings,
    *,
    release: str | None = None,
    revision: str | None = None,
    sidecar_mode: str | None = None,
    cache: Cache | None = None,
) -> InjectionSettings:
    """Settings from one place of a project; flags win. Only keys that the project writes stand above its values.

    Raises Failure as `settings_from` does.
    """
    return settings_from(
        istio.values,
        istio.mesh_config,
        release=release or istio.version or str(NEWEST),
        revision=revision or istio.revision,
        sidecar_mode=sidecar_mode or istio.sidecar_mode or "classic",
        cni=istio.cni if "cni" in istio.given else None,
        cluster_domain=istio.cluster_domain if "clusterDomain" in istio.given else None,
        cluster_id=istio.cluster_id,
        network=istio.network,
        cache=cache,
    )
