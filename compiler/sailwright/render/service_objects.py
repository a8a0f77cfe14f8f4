"""ServiceAccount, ConfigMap and Service: what every workload stands on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sailwright.diagnostics.finding import Path
from sailwright.project.service.model import Service
from sailwright.render.template_input import TemplateInput

_SERVICE_FIELDS = (
    "type",
    "clusterIP",
    "externalTrafficPolicy",
    "internalTrafficPolicy",
    "sessionAffinity",
    "publishNotReadyAddresses",
    "ipFamilies",
    "ipFamilyPolicy",
    "loadBalancerClass",
    "loadBalancerSourceRanges",
    "allocateLoadBalancerNodePorts",
    "trafficDistribution",
)
"""Fields of the Kubernetes ServiceSpec that pass through, in the order they are written."""


def service_accounts(service: Service) -> Iterator[TemplateInput]:
    """One for each account that the versions run as, unless it exists already (`create: false`)."""
    accounts = {version.service_account.name: version.service_account for version in service.versions}
    for name, account in sorted(accounts.items()):
        if account.create:
            paths: dict[Path, Path] = {
                ("metadata", "name"): account.path,
                ("metadata", "annotations"): (*account.path, "annotations"),
            }
            yield TemplateInput("serviceaccount", name, {}, paths, annotations=account.annotations)


def config_map(service: Service, files: Mapping[str, str]) -> TemplateInput:
    """The ConfigMap of `config.files`; `files` holds their text by key."""
    entries = {key: path for key, _, path in service.config.files} if service.config else {}
    paths: dict[Path, Path] = {(): ("config",)}
    paths |= {("data", key): path for key, path in entries.items()}
    return TemplateInput("configmap", config_map_name(service), {"data": files}, paths)


def config_map_name(service: Service) -> str:
    """The name of the ConfigMap that holds a service's files."""
    return f"{service.name}-config"


def kubernetes_service(service: Service, app: str) -> TemplateInput:
    """The Service. It selects the pods of every version by their `app` label."""
    settings = service.service_settings
    ports = []
    for port in service.ports:
        entry = {"name": port.name, "port": port.port, "targetPort": port.target_port, "appProtocol": port.app_protocol}
        if port.protocol != "TCP":
            entry["protocol"] = port.protocol
        if port.node_port is not None:
            entry["nodePort"] = port.node_port
        ports.append(entry)
    variables = {
        "settings": [(key, settings[key]) for key in _SERVICE_FIELDS if key in settings],
        "selector": {"app": app},
        "ports": ports,
    }
    paths: dict[Path, Path] = {("spec", key): ("service", key) for key in _SERVICE_FIELDS if key in settings}
    paths |= {("spec", "ports", index): port.path for index, port in enumerate(service.ports)}
    return TemplateInput(
        "service",
        service.name,
        variables,
        paths,
        labels=settings.get("labels") or {},
        annotations=settings.get("annotations") or {},
    )
