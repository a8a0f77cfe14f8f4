"""All the objects of a service, in the order in which its file holds them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sailwright.render.base import config_map, kubernetes_service, service_accounts
from sailwright.render.companions import Companions
from sailwright.render.destinations import destination_rules, service_entry
from sailwright.render.draft import Draft, Piece, metadata
from sailwright.render.patches import patched
from sailwright.render.pod import container_name, pod, pod_labels
from sailwright.render.policies import authorization_policy, peer_authentication, sidecar
from sailwright.render.routing import has_routes, virtual_services
from sailwright.render.scaling import autoscaler, disruption_budget
from sailwright.render.surroundings import Surroundings
from sailwright.render.workload import workload
from sailwright.service.model import Service
from sailwright.service.problem import Problem
from sailwright.templating import Templates


@dataclass(frozen=True, slots=True)
class Rendered:
    """The objects of a service before injection, and what is wrong with its patches."""

    pieces: tuple[Piece, ...]
    problems: tuple[Problem, ...]


def render(service: Service, around: Surroundings, templates: Templates, beside: Companions, revision: str) -> Rendered:
    """Render a service of one cluster. `revision` is that of its control plane."""

    def laid_out(drafts: Iterator[Draft]) -> Iterator[Piece]:
        for draft in sorted(drafts, key=lambda draft: draft.name):
            variables = {**draft.variables, "metadata": metadata(draft, service, around)}
            yield Piece(templates.render(draft.template, variables), {(): ("name",), **draft.paths})

    def workloads() -> Iterator[Draft]:
        for version in service.versions:
            variables, paths = pod(service, version, beside.config_digest, revision)
            yield workload(service, version, templates.render("pod", variables), paths)

    own = not service.external and not service.workload.external
    meshed = service.mesh.inject != "none"
    pieces: list[Piece] = []
    if own:
        pieces += laid_out(service_accounts(service))
    if beside.config is not None:
        pieces += laid_out(iter((config_map(service, beside.config),)))
    pieces += beside.included
    for drafts in _between(service, around, meshed=meshed):
        pieces += laid_out(drafts)
    if own:
        pieces += laid_out(_budgets(service))
        pieces += laid_out(workloads())
        pieces += laid_out(_autoscalers(service))
    if meshed and has_routes(service):
        pieces += laid_out(virtual_services(service, around))
    return Rendered(*patched(service, pieces))


def _between(service: Service, around: Surroundings, *, meshed: bool) -> Iterator[Iterator[Draft]]:
    """What stands between the ConfigMap and the workloads: the Service, and the objects of the mesh but the routes."""
    app = app_label(service)
    if service.ports and not service.external:
        yield iter((kubernetes_service(service, app),))
    if not meshed:
        return
    policy = service.access_policy
    if service.mesh.mtls:
        yield iter((peer_authentication(service, app),))
    if policy.inbound is not None:
        yield iter((authorization_policy(service, policy.inbound, app, around),))
    if policy.outbound is not None:
        yield iter((sidecar(service, policy.outbound, app, around),))
    if service.external:
        yield iter((service_entry(service, service.external),))
    labels = {version.name: {"version": pod_labels(service, version)["version"]} for version in service.versions}
    yield destination_rules(service, labels, around)


def app_label(service: Service) -> str:
    """The `app` label of the service's pods: the service's name, unless an adopted workload has another."""
    return pod_labels(service, service.versions[0])["app"] if service.versions else service.name


def _budgets(service: Service) -> Iterator[Draft]:
    return (disruption_budget(version) for version in service.versions if version.settings.get("disruptionBudget"))


def _autoscalers(service: Service) -> Iterator[Draft]:
    for version in service.versions:
        if version.settings.get("autoscaling"):
            yield autoscaler(version, service.workload.kind, container_name(service, version))
