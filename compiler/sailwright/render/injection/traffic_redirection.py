"""Which traffic goes through the sidecar: the arguments of istio-iptables, and the annotations the CNI plugin reads."""

from __future__ import annotations

from typing import Any

from sailwright.mesh.values.proxy_config import ProxyConfig
from sailwright.render.injection import go_json, names
from sailwright.render.injection.pod import Pod
from sailwright.render.injection.settings import InjectionSettings

_ISTIO_CNI_NAME = "default/istio-cni"
_ISTIO_CNI = '{"name": "istio-cni", "namespace": "default"}'


def redirection_context(settings: InjectionSettings, pod: Pod, config: ProxyConfig) -> dict[str, Any]:
    """The template variables about redirection. None stands for an argument that is left out."""
    defaults, annotations = settings.defaults, pod.annotations
    status_port = annotations.get(names.STATUS_PORT, defaults["statusPort"])
    excluded = annotations.get(names.EXCLUDE_INBOUND_PORTS, defaults["excludeInboundPorts"])
    inbound = _with_status_port(excluded, status_port)
    reroute = annotations.get(names.REROUTE_INTERFACES) if "reroute-interfaces" in settings.differences else None
    kubevirt = annotations.get(names.KUBEVIRT_INTERFACES)
    return {
        "redirection": names.VALIDATION if settings.installation["cni"] else names.INIT,
        "interceptionMode": annotations.get(names.INTERCEPTION, config["interceptionMode"]),
        "includeOutboundIPRanges": annotations.get(names.INCLUDE_OUTBOUND_RANGES, defaults["includeIPRanges"]),
        "excludeOutboundIPRanges": annotations.get(names.EXCLUDE_OUTBOUND_RANGES, defaults["excludeIPRanges"]),
        "includeInboundPorts": annotations.get(names.INCLUDE_INBOUND_PORTS, defaults["includeInboundPorts"]),
        "excludeInboundPorts": inbound,
        "unredirectedPorts": f"15090,15021,{inbound}" if inbound else "15090,15021",
        "includeOutboundPorts": annotations.get(names.INCLUDE_OUTBOUND_PORTS, defaults["includeOutboundPorts"] or None),
        "excludeOutboundPorts": annotations.get(names.EXCLUDE_OUTBOUND_PORTS, defaults["excludeOutboundPorts"] or None),
        "rerouteInterfaces": reroute,
        "kubevirtInterfaces": kubevirt,
        "virtualInterfaces": _virtual_interfaces(settings, reroute, kubevirt),
        "excludeInterfaces": annotations.get(names.EXCLUDE_INTERFACES),
        "multusNetworks": _networks(annotations.get(names.MULTUS_NETWORKS, "")) if _multus(settings) else "",
    }


def _with_status_port(excluded: str, status_port: str) -> str:
    """The inbound ports that bypass the sidecar, the agent's own among them."""
    own = status_port.strip()
    ports = excluded.split(",")
    if own in ("", "0") or own in ports:
        return excluded
    return ",".join([*filter(None, (port.strip() for port in ports)), own])


def _virtual_interfaces(settings: InjectionSettings, reroute: str | None, kubevirt: str | None) -> list[str]:
    given = [interfaces for interfaces in (kubevirt, reroute) if interfaces is not None]
    return given[-1:] if "reroute-wins" in settings.differences else given


def _multus(settings: InjectionSettings) -> bool:
    return bool(settings.installation["multus"])


def _networks(existing: str) -> str:
    """The pod's additional networks with Istio's among them; both spellings of Multus, the list and the JSON."""
    head, bracket, tail = existing.rpartition("]")
    if bracket:
        networks = go_json.loads(existing)
        whole = isinstance(networks, list) and networks and go_json.loads(_ISTIO_CNI) not in networks
        return f"{head}, {_ISTIO_CNI}{bracket}{tail}" if whole else existing
    listed = [network.strip() for network in existing.split(",")]
    return existing if _ISTIO_CNI_NAME in listed else ", ".join(filter(None, (existing, _ISTIO_CNI_NAME)))
