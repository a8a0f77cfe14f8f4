"""What a pod is injected with: the release, the injector's values, the mesh's config, and who chose what."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache as once
from typing import Any

from sailwright.mesh.values.releases import Release, line_of, parse_release
from sailwright.render.injection.installation import installation_context, installation_defaults
from sailwright.render.injection.mesh_config import MeshSettings, mesh_settings
from sailwright.render.injection.release_differences import differences
from sailwright.render.injection.values import ChartValues, chart_values, overlaid
from sailwright.runtime.errors import Failure
from sailwright.runtime.records import dataclass, field
from sailwright.source.templating.templates import Templates


@dataclass(frozen=True, slots=True, eq=False)
class InjectionSettings:
    """One installation of Istio, as its injector knows it. Build it once (`settings_from`) and inject many workloads.

    `revision` is empty for the default one. `native` tells whether sidecars are native (init containers that keep running)
    where a pod does not say. `compat` asks for exactly what istioctl kube-inject does, its faults included.
    `defaults` holds what annotations fall back on, `installation` the template variables that are the same for every pod.
    `alike` keeps what was rendered for pods with the same annotations.
    """

    release: Release
    revision: str
    native: bool
    compat: bool
    defaults: Mapping[str, str] = field(repr=False)
    mesh: MeshSettings = field(repr=False)
    differences: frozenset[str] = field(repr=False)
    templates: Templates = field(repr=False)
    installation: Mapping[str, Any] = field(repr=False)
    alike: dict[Any, Any] = field(default_factory=dict, repr=False)


def settings_from(
    values: Mapping[str, Any] | None = None,
    mesh_config: Mapping[str, Any] | None = None,
    *,
    release: str | Release,
    revision: str = "default",
    sidecar_mode: str = "classic",
    compat: bool = False,
    cni: bool | None = None,
    cluster_domain: str | None = None,
    cluster_id: str | None = None,
    network: str | None = None,
) -> InjectionSettings:
    """Settings from the injector's values and the MeshConfig, the single settings of a project file on top.

    A `revision` other than `default` names the control plane everywhere (annotation, CA address, discovery address) unless
    `compat` is asked for: istioctl's flag only sets the annotation, and the other two come from its files.
    Raises Failure, naming the field, for an unknown release and for values of the wrong type.
    """
    known = parse_release(release) if isinstance(release, str) else release
    line_of(known)
    name = "" if revision == "default" else revision
    single = {
        "pilot.cni.enabled": cni,
        "global.proxy.clusterDomain": cluster_domain,
        "global.multiCluster.clusterName": cluster_id,
        "global.network": network,
        "revision": name if name and not compat else None,
    }
    given = overlaid(values or {}, {path: value for path, value in single.items() if value is not None})
    facts = differences(known)
    try:
        chart = chart_values(given, known)
        mesh = mesh_settings(_revised(mesh_config or {}, "" if compat else name, chart), facts)
        defaults = installation_defaults(chart)
        installation = installation_context(chart, mesh, facts, name)
    except ValueError as error:
        raise Failure(f"the injector's values or the mesh config: {error}") from None
    native = sidecar_mode == "native"
    templates = _templates(str(known))
    return InjectionSettings(known, name, native, compat, defaults, mesh, facts, templates, installation)


@once
def _templates(release: str) -> Templates:
    """One set per release, however many settings there are."""
    return Templates(release)


def _revised(mesh_config: Mapping[str, Any], revision: str, chart: ChartValues) -> Mapping[str, Any]:
    """The mesh config with the discovery address of a revision, unless it already names another than the default one."""
    from sailwright.mesh.values.proxy_config import DEFAULTS

    default_config = mesh_config.get("defaultConfig")
    own = default_config if isinstance(default_config, dict) else {}
    address = own.get("discoveryAddress", DEFAULTS["discoveryAddress"])
    if not revision or address != DEFAULTS["discoveryAddress"] or not isinstance(default_config, dict | None):
        return mesh_config
    revised = f"istiod-{revision}.{chart.text('global.istioNamespace')}.svc:15012"
    return {**mesh_config, "defaultConfig": {**own, "discoveryAddress": revised}}
