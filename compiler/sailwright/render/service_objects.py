"""ServiceAccount, ConfigMap and Service: what every workload stands on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sailwright.diagnostics.finding import Path
from sailwright.project.service.model import Service
from sailwright.project.service.parts import AUTO, Block, Port
from sailwright.render.template_input import TemplateInput

_SERVICE_FIELDS = (
    "type",
    "clusterIP",
    "externalTrafficPolicy",
    "internalTrafficPolicy",
    "sessionAffinity",
    "sessionAffinityConfig",
    "publishNotReadyAddresses",
    "ipFamilies",
    "ipFamilyPolicy",
    "loadBalancerIP",
    "healthCheckNodePort",
    "loadBalancerClass",
    "loadBalancerSourceRanges",
    "allocateLoadBalancerNodePorts",
    "trafficDistribution",
    "externalName",
    "externalIPs",
)
"""Fields of the Kubernetes ServiceSpec that pass through, in the order they are written."""


EXTERNAL_NAME = "ExternalName"
"""The type of a Service that is a name for a host elsewhere: it has no pods."""


def service_accounts(service: Service) -> Iterator[TemplateInput]:
    """One for each account that the versions run as, unless it exists already (`create: false`)."""
    accounts = {version.service_account.name: version.service_account for version in service.versions}
    for name, account in sorted(accounts.items()):
        if account.create:
            paths: dict[Path, Path] = {
                ("metadata", "name"): account.path,
                ("metadata", "annotations"): (*account.path, "annotations"),
                ("metadata", "labels"): (*account.path, "labels"),
            }
            yield TemplateInput(
                "serviceaccount", name, {}, paths, labels=account.labels, annotations=account.annotations
            )


def config_map(service: Service, files: Mapping[str, str]) -> TemplateInput:
    """The ConfigMap of `config.files`; `files` holds their text by key."""
    entries = {key: path for key, _, path in service.config.files} if service.config else {}
    paths: dict[Path, Path] = {(): ("config",)}
    paths |= {("data", key): path for key, path in entries.items()}
    return TemplateInput("configmap", config_map_name(service), {"data": files}, paths)


def config_map_name(service: Service) -> str:
    """The name of the ConfigMap that holds a service's files."""
    return f"{service.name}-config"


def kubernetes_services(service: Service, waypoint: Mapping[str, str]) -> Iterator[TemplateInput]:
    """The Service, and the further ones in front of the same pods. `waypoint` are the labels that name the waypoint."""
    if service.external:
        return
    if service.ports or service.service_settings.get("type") == EXTERNAL_NAME:
        settings = service.service_settings
        yield _kubernetes_service(service, service.host_name, settings, service.ports, ("service",), waypoint)
    for other in service.additional_services:
        yield _kubernetes_service(service, other.name, other.settings, other.ports, other.path, waypoint)


def _kubernetes_service(
    service: Service,
    name: str,
    settings: Block,
    ports: tuple[Port, ...],
    path: Path,
    waypoint: Mapping[str, str],
) -> TemplateInput:
    """A Service. It selects the pods of every version by their `app` label, or by the labels that are written."""
    selected = settings.get("type") != EXTERNAL_NAME
    variables = {
        "settings": [(key, settings[key]) for key in _SERVICE_FIELDS if key in settings],
        "selector": dict(settings.get("selector") or service.selector) if selected else None,
        "ports": [service_port(port) for port in ports],
    }
    paths: dict[Path, Path] = {("spec", key): (*path, key) for key in (*_SERVICE_FIELDS, "selector") if key in settings}
    paths |= {("spec", "ports", index): port.path for index, port in enumerate(ports)}
    if path != ("service",):
        paths[()] = path
    elif service.written_in("budget"):
        paths[("budget",)] = ("budget",)
    paths |= {("metadata", "labels", key): ("mesh", "waypoint") for key in waypoint}
    labels, annotations = {**waypoint, **(settings.get("labels") or {})}, settings.get("annotations") or {}
    return TemplateInput("service", name, variables, paths, labels=labels, annotations=annotations)


def service_port(port: Port) -> dict[str, Any]:
    """A port of a Kubernetes Service."""
    entry: dict[str, Any] = {"name": port.name, "port": port.port, "targetPort": port.target_port}
    if port.app_protocol != AUTO:
        entry["appProtocol"] = port.app_protocol
    if port.protocol != "TCP":
        entry["protocol"] = port.protocol
    if port.node_port is not None:
        entry["nodePort"] = port.node_port
    return entry
