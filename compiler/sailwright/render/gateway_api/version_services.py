"""What the backends of routes are: a Kubernetes Service for each version, and how callers treat it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sailwright.diagnostics.finding import Path
from sailwright.project.service.model import Service
from sailwright.project.service.parts import Block, Version
from sailwright.render.destinations import subset_labels
from sailwright.render.gateway_api.backends import backend_versions
from sailwright.render.render_context import RenderContext, full_name
from sailwright.render.service_objects import service_port
from sailwright.render.template_input import TemplateInput
from sailwright.runtime.records import replace


def version_services(service: Service) -> Iterator[TemplateInput]:
    """A Service for each version: the ports are the service's, the pods those of the version."""
    for version in backend_versions(service):
        variables = {
            "settings": [],
            "selector": {**service.selector, **subset_labels(service, version)},
            "ports": [service_port(replace(port, node_port=None)) for port in service.ports],
        }
        paths: dict[Path, Path] = {(): version.path}
        paths |= {("spec", "ports", index): port.path for index, port in enumerate(service.ports)}
        yield TemplateInput("service", service.backend_name(version), variables, paths)


def backend_rules(service: Service, context: RenderContext) -> Iterator[TemplateInput]:
    """The DestinationRules: of the service's own host, and of each version's where it has a policy."""
    if service.traffic_policy is not None:
        host = full_name(service.host_name, service.namespace, context.facts)
        paths: dict[Path, Path] = {("spec", "trafficPolicy"): ("trafficPolicy",)}
        yield _rule(service.name_of("destinationRule"), host, service.traffic_policy, paths)
    for version in backend_versions(service):
        policy = merged_policy(service.traffic_policy, version.traffic_policy)
        if policy:
            name = service.backend_name(version)
            yield _rule(name, full_name(name, service.namespace, context.facts), policy, _paths(service, version))


def _rule(name: str, host: str, policy: Block, paths: Mapping[Path, Path]) -> TemplateInput:
    variables = {"host": host, "exportTo": [], "trafficPolicy": policy, "subsets": []}
    return TemplateInput("destinationrule", name, variables, paths)


def _paths(service: Service, version: Version) -> dict[Path, Path]:
    paths: dict[Path, Path] = {(): version.path, ("spec", "trafficPolicy"): ("trafficPolicy",)}
    for key in version.traffic_policy or ():
        paths["spec", "trafficPolicy", key] = (*version.path, "trafficPolicy", key)
    if service.traffic_policy is None:
        paths["spec", "trafficPolicy"] = (*version.path, "trafficPolicy")
    return paths


def merged_policy(general: Block | None, own: Block | None) -> dict[str, Any]:
    """The policy of a version's host: what a subset has, which takes its own fields and inherits the others.

    On a port that the general policy sets apart, the version's fields come upon the port's.
    Source: Istio `pilot/pkg/networking/core/cluster_traffic_policy.go` (MergeTrafficPolicy).
    """
    above = {key: value for key, value in (own or {}).items() if key != "portLevelSettings"}
    result = {**(general or {}), **above}
    ports = {_number(item): {**item, **above} for item in (general or {}).get("portLevelSettings") or ()}
    ports |= {_number(item): item for item in (own or {}).get("portLevelSettings") or ()}
    if ports:
        result["portLevelSettings"] = list(ports.values())
    return result


def _number(item: Block) -> Any:
    return (item.get("port") or {}).get("number")
