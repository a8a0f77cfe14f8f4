"""All the objects of a service, in the order in which its file holds them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sailwright.diagnostics.finding import Finding
from sailwright.diagnostics.problem import Problem
from sailwright.project.service.model import Service
from sailwright.render.destinations import destination_rules, service_entry
from sailwright.render.included_files import Companions
from sailwright.render.own_templates import OURS, fault, hold_kind
from sailwright.render.patches import patched
from sailwright.render.pod import container_name, pod, pod_labels
from sailwright.render.policies import authorization_policy, peer_authentication, sidecar
from sailwright.render.render_context import Surroundings, hosts_of
from sailwright.render.routing import has_routes, virtual_services
from sailwright.render.scaling import autoscaler, disruption_budget
from sailwright.render.service_objects import config_map, kubernetes_service, service_accounts
from sailwright.render.template_input import Draft, Piece, metadata
from sailwright.render.workload import workload
from sailwright.runtime.errors import Failure
from sailwright.runtime.records import dataclass, field
from sailwright.source.templating import Templates


@dataclass(frozen=True, slots=True)
class Rendered:
    """The objects of a service before injection, what is wrong with its patches, and with the project's templates."""

    pieces: tuple[Piece, ...]
    problems: tuple[Problem, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class _Sheet:
    """What the drafts of one service are laid out with; `faults` gathers those of the project's templates."""

    service: Service
    around: Surroundings
    templates: Templates
    faults: list[Finding] = field(default_factory=list)

    def laid_out(self, drafts: Iterable[Draft]) -> Iterator[Piece]:
        """Objects of one kind, by name."""
        for draft in sorted(drafts, key=lambda draft: draft.name):
            value = self.filled(
                draft.template, {**draft.variables, "metadata": metadata(draft, self.service, self.around)}
            )
            if value is not None:
                yield Piece(value, {(): ("name",), **draft.paths})

    def filled(self, name: str, variables: Mapping[str, Any]) -> Any:
        """What a template makes; None where one of the project makes nothing, or fails."""
        if name not in self.templates.project:
            return self.templates.render(name, variables)
        try:
            value = self.templates.render(name, variables)
            if value is not None and name != "pod":
                hold_kind(value, self.service.namespace, self.around.extra_kinds)
        except Failure as failure:
            self.faults.append(fault(name, failure))
            return None
        return value


def render(service: Service, around: Surroundings, templates: Templates, beside: Companions, revision: str) -> Rendered:
    """Render a service of one cluster. `revision` is that of its control plane."""
    sheet = _Sheet(service, around, templates)
    own = not service.external and not service.workload.external
    meshed = service.mesh.inject != "none" or service.external is not None
    pieces: list[Piece] = []
    if own:
        pieces += sheet.laid_out(service_accounts(service))
    if beside.config is not None:
        pieces += sheet.laid_out((config_map(service, beside.config),))
    pieces += beside.included
    for name in sorted(templates.project.keys() - OURS):
        pieces += sheet.laid_out((_further(service, name, around),))
    if service.ports and not service.external:
        pieces += sheet.laid_out((kubernetes_service(service, app_label(service)),))
    for drafts in _of_the_mesh(service, around) if meshed else ():
        pieces += sheet.laid_out(drafts)
    if own:
        pieces += sheet.laid_out(_budgets(service))
        pieces += sheet.laid_out(_workloads(sheet, beside, revision))
        pieces += sheet.laid_out(_autoscalers(service))
    if meshed and has_routes(service):
        pieces += sheet.laid_out(virtual_services(service, around))
    return Rendered(*patched(service, pieces), tuple(sheet.faults))


def app_label(service: Service) -> str:
    """The `app` label of the service's pods: the service's name, unless an adopted workload has another."""
    return pod_labels(service, service.versions[0])["app"] if service.versions else service.name


def _of_the_mesh(service: Service, around: Surroundings) -> Iterator[Iterable[Draft]]:
    """Istio's objects, but for the routes."""
    app, policy = app_label(service), service.access_policy
    if service.mesh.mtls:
        yield (peer_authentication(service, app),)
    if policy.inbound is not None:
        yield (authorization_policy(service, policy.inbound, app, around),)
    if policy.outbound is not None:
        yield (sidecar(service, policy.outbound, app, around),)
    if service.external:
        yield (service_entry(service, service.external),)
    labels = {version.name: {"version": pod_labels(service, version)["version"]} for version in service.versions}
    yield destination_rules(service, labels, around)


def _workloads(sheet: _Sheet, beside: Companions, revision: str) -> Iterator[Draft]:
    for version in sheet.service.versions:
        variables, paths = pod(sheet.service, version, beside.config_digest, revision)
        yield workload(sheet.service, version, sheet.filled("pod", variables) or {}, paths)


def _budgets(service: Service) -> Iterator[Draft]:
    return (disruption_budget(version) for version in service.versions if version.settings.get("disruptionBudget"))


def _autoscalers(service: Service) -> Iterator[Draft]:
    for version in service.versions:
        if version.settings.get("autoscaling"):
            yield autoscaler(version, service.workload.kind, container_name(service, version))


def _further(service: Service, template: str, around: Surroundings) -> Draft:
    """An object that only a template of the project knows: it is given the service as its file and the overlays have it."""
    variables = {
        "service": service.tree,
        "hosts": list(hosts_of(service, around.facts)),
        "selector": {"app": app_label(service)},
        "environment": service.environment,
        "cluster": service.cluster,
    }
    return Draft(template, service.name, variables, {})
