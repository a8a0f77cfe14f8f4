"""ServiceEntry and DestinationRule: which endpoints there are, in which subsets, and how callers treat them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sailwright.diagnostics.finding import Path
from sailwright.project.service.model import Service
from sailwright.project.service.parts import External, Version
from sailwright.render.render_context import RenderContext, hosts_of
from sailwright.render.template_input import TemplateInput

_PROTOCOLS = {"kubernetes.io/h2c": "HTTP2", "kubernetes.io/ws": "HTTP", "kubernetes.io/wss": "HTTPS"}
"""What `appProtocol` says in a Kubernetes word, in the word that a ServiceEntry takes (pkg/config/kube/conversion.go)."""


def service_entry(service: Service, external: External, waypoint: Mapping[str, str]) -> TemplateInput:
    """The ServiceEntry of an outside service. `waypoint` are the labels that name its waypoint."""
    ports = []
    for port in service.ports:
        protocol = _PROTOCOLS.get(port.app_protocol, port.app_protocol.upper())
        entry: dict[str, Any] = {"number": port.port, "name": port.name, "protocol": protocol}
        if port.target_port != port.port:
            entry["targetPort"] = port.target_port
        ports.append(entry)
    variables = {
        "hosts": list(external.hosts),
        "addresses": list(external.addresses),
        "location": external.location,
        "resolution": external.resolution,
        "ports": ports,
        "endpoints": list(external.endpoints),
        "workloadSelector": external.workload_selector,
        "subjectAltNames": list(external.subject_alt_names),
        "exportTo": list(service.export_to or ()),
    }
    paths: dict[Path, Path] = {("spec",): external.path, ("spec", "exportTo"): ("exportTo",)}
    paths |= {("spec", "ports", index): port.path for index, port in enumerate(service.ports)}
    paths |= {("metadata", "labels", key): ("mesh", "waypoint") for key in waypoint}
    return TemplateInput("serviceentry", service.name, variables, paths, labels=waypoint)


def is_subset(version: Version) -> bool:
    """Whether a version is a subset: all are, but those that are written to have no labels of their own."""
    return version.subset is None or bool(version.subset)


def has_subsets(service: Service) -> bool:
    """Whether its versions are subsets: two of them, a traffic policy, labels written for one, or one on its way out."""
    subsets = [version for version in service.versions if is_subset(version)]
    return bool(subsets) and (
        len(service.versions) > 1
        or service.traffic_policy is not None
        or any(version.subset or version.retire or version.traffic_policy is not None for version in subsets)
    )


def subset_labels(service: Service, version: Version) -> Mapping[str, str]:
    """The labels that tell a version's pods from the others: those written for it, else its `version` label."""
    return version.subset or {"version": service.pod_labels(version).get("version", version.name)}


def destination_rules(service: Service, context: RenderContext) -> Iterator[TemplateInput]:
    """One for each host."""
    if not has_subsets(service) and service.traffic_policy is None:
        return
    paths: dict[Path, Path] = {("spec", "trafficPolicy"): ("trafficPolicy",), ("spec", "exportTo"): ("exportTo",)}
    subsets = [version for version in service.versions if is_subset(version)]
    for index, version in enumerate(subsets):
        paths["spec", "subsets", index] = version.path
    for number, host in enumerate(hosts_of(service, context.facts)):
        variables = {
            "host": host,
            "exportTo": list(service.export_to or ()),
            "trafficPolicy": service.traffic_policy,
            "subsets": [
                {
                    "name": version.name,
                    "labels": subset_labels(service, version),
                    "trafficPolicy": version.traffic_policy,
                }
                for version in subsets
            ],
        }
        yield TemplateInput("destinationrule", numbered(service.name_of("destinationRule"), number), variables, paths)


def numbered(name: str, number: int) -> str:
    """The names of the objects of a service that has one for each of its hosts."""
    return name if number == 0 else f"{name}-{number + 1}"
