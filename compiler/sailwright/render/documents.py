"""All the objects of a service, in the order in which its file holds them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from sailwright.diagnostics.finding import Finding
from sailwright.diagnostics.problem import Problem
from sailwright.project.service.model import Service
from sailwright.render.destinations import destination_rules, service_entry
from sailwright.render.gateway_api.words import Words, whole_gateways
from sailwright.render.included_files import IncludedFiles
from sailwright.render.own_templates import OF_GATEWAY_API, OURS, fault, hold_kind
from sailwright.render.pod import container_name, pod
from sailwright.render.render_context import RenderContext, hosts_of, surroundings
from sailwright.render.routing import has_routes, virtual_services
from sailwright.render.service_objects import config_map, kubernetes_services, service_accounts
from sailwright.render.template_input import RenderedObject, TemplateInput, metadata
from sailwright.render.waypoints import waypoint_labels
from sailwright.render.workload import workload
from sailwright.runtime.errors import Failure
from sailwright.runtime.records import dataclass, field
from sailwright.source.templating.templates import Templates


@dataclass(frozen=True, slots=True)
class Rendered:
    """The objects of a service before injection, what is wrong with its patches, and with the project's templates.

    `drafted` are the same objects before any patch.
    """

    drafted: tuple[RenderedObject, ...]
    rendered_objects: tuple[RenderedObject, ...]
    problems: tuple[Problem, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class _Sheet:
    """What the template_inputs of one service are laid out with; `faults` gathers those of the project's templates."""

    service: Service
    context: RenderContext
    templates: Templates
    faults: list[Finding] = field(default_factory=list)

    def laid_out(self, template_inputs: Iterable[TemplateInput], inner: str = "") -> Iterator[RenderedObject]:
        """Objects of one kind, by name. `inner` is the template of the pods in them."""
        for template_input in sorted(template_inputs, key=lambda template_input: template_input.name):
            value = self.filled(
                template_input.template,
                {**template_input.variables, "metadata": metadata(template_input, self.service, self.context)},
            )
            if value is not None:
                own = next((name for name in (template_input.template, inner) if name in self.templates.project), None)
                yield RenderedObject(value, {(): ("name",), **template_input.paths}, template=own)

    def filled(self, name: str, variables: Mapping[str, Any]) -> Any:
        """What a template makes; None where one of the project makes nothing, or fails."""
        if name not in self.templates.project:
            return self.templates.render(name, variables)
        try:
            value = self.templates.render(name, variables)
            if value is not None and name != "pod":
                hold_kind(name, value, self.service.namespace, self.context.extra_kinds)
        except Failure as failure:
            self.faults.append(fault(name, failure))
            return None
        return value


def render(
    service: Service,
    context: RenderContext,
    templates: Templates,
    beside: IncludedFiles,
    revision: str,
    words: Words,
    allowed: Collection[str] = (),
) -> Rendered:
    """Render a service of one cluster. `revision` is that of its control plane, `allowed` what patches may grant.

    `words` say as which objects its routes are rendered.
    """
    sheet = _Sheet(service, context, templates)
    own = not service.external and not service.workload.external
    meshed = service.mesh.inject != "none" or service.external is not None
    rendered_objects: list[RenderedObject] = []
    if own:
        rendered_objects += sheet.laid_out(service_accounts(service))
    if beside.config is not None:
        rendered_objects += sheet.laid_out((config_map(service, beside.config),))
    rendered_objects += beside.included
    routed = meshed and has_routes(service)
    by_gateway_api = routed and words.settings.api == "gateway"
    for name in sorted(templates.project.keys() - _in_use(words)):
        rendered_objects += sheet.laid_out((_further(service, name, context),))
    of_service = kubernetes_services(service, waypoint_labels(service, context))
    rendered_objects += sheet.laid_out((*of_service, *(_backends(service) if by_gateway_api else ())))
    for template_inputs in _of_the_mesh(service, context, by_gateway_api=by_gateway_api) if meshed else ():
        rendered_objects += sheet.laid_out(template_inputs)
    if own:
        rendered_objects += sheet.laid_out(_budgets(service))
        rendered_objects += sheet.laid_out(_workloads(sheet, beside, revision), "pod")
        rendered_objects += sheet.laid_out(_autoscalers(service))
    if routed:
        for template_input in _routes(service, context, words):
            rendered_objects += sheet.laid_out((template_input,))
    final, problems = _patched(service, context, rendered_objects, allowed)
    return Rendered(tuple(rendered_objects), final, (*words.problems, *problems), tuple(sheet.faults))


def _patched(
    service: Service, context: RenderContext, rendered_objects: Sequence[RenderedObject], allowed: Collection[str]
) -> tuple[tuple[RenderedObject, ...], tuple[Problem, ...]]:
    if not service.patches:
        return tuple(rendered_objects), ()
    from sailwright.render.patches import patched

    return patched(service, rendered_objects, surroundings(service, context), allowed)


def _routes(service: Service, context: RenderContext, words: Words) -> Iterable[TemplateInput]:
    """The objects that say where requests go, in the API of the service, by kind and name."""
    if words.settings.api == "gateway":
        from sailwright.render.gateway_api.route_objects import route_objects

        return sorted(route_objects(service, context, words), key=lambda found: (found.template, found.name))
    whole_gateways(service, words)
    return sorted(virtual_services(service, context), key=lambda found: found.name)


def _backends(service: Service) -> Iterable[TemplateInput]:
    """The Services of the versions."""
    from sailwright.render.gateway_api.version_services import version_services

    return () if service.external else version_services(service)


def _traffic_policies(service: Service, context: RenderContext, *, by_gateway_api: bool) -> Iterable[TemplateInput]:
    """The DestinationRules: of the service with its subsets, or of the service and of each version's Service."""
    if not by_gateway_api or service.external:
        return destination_rules(service, context)
    from sailwright.render.gateway_api.version_services import backend_rules

    return backend_rules(service, context)


def _in_use(words: Words) -> frozenset[str]:
    """The names of templates that take the place of ours."""
    return OURS if words.settings.api == "gateway" else OURS - OF_GATEWAY_API


def _of_the_mesh(
    service: Service, context: RenderContext, *, by_gateway_api: bool
) -> Iterator[Iterable[TemplateInput]]:
    """Istio's objects, but for the routes."""
    policy = service.access_policy
    if service.mesh.mtls or policy.inbound is not None or policy.outbound is not None:
        yield from _policies(service, context)
    if service.external:
        yield (service_entry(service, service.external, waypoint_labels(service, context)),)
    yield _traffic_policies(service, context, by_gateway_api=by_gateway_api)


def _policies(service: Service, context: RenderContext) -> Iterator[Iterable[TemplateInput]]:
    """What says who may call the service, and whom it may call."""
    from sailwright.render.policies import authorization_policies, peer_authentication, sidecar

    policy = service.access_policy
    if service.mesh.mtls:
        yield (peer_authentication(service),)
    if policy.inbound is not None:
        yield authorization_policies(service, policy.inbound, context)
    if policy.outbound is not None and service.mesh.inject != "ambient":
        yield (sidecar(service, policy.outbound, context),)


def _workloads(sheet: _Sheet, beside: IncludedFiles, revision: str) -> Iterator[TemplateInput]:
    for version in sheet.service.versions:
        variables, paths = pod(sheet.service, version, beside.config_digest, revision, sheet.context)
        yield workload(sheet.service, version, sheet.filled("pod", variables) or {}, paths)


def _budgets(service: Service) -> Iterator[TemplateInput]:
    for version in service.versions:
        if version.settings.get("disruptionBudget"):
            from sailwright.render.scaling import disruption_budget

            yield disruption_budget(version)


def _autoscalers(service: Service) -> Iterator[TemplateInput]:
    for version in service.versions:
        if version.settings.get("autoscaling"):
            from sailwright.render.scaling import autoscaler

            yield autoscaler(version, service.workload.kind, container_name(service, version))


def _further(service: Service, template: str, context: RenderContext) -> TemplateInput:
    """An object that only a template of the project knows: it is given the service as its file and the overlays have it."""
    variables = {
        "service": service.tree,
        "hosts": list(hosts_of(service, context.facts)),
        "selector": dict(service.selector),
        "environment": service.environment,
        "cluster": service.cluster,
    }
    return TemplateInput(template, service.name, variables, {})
