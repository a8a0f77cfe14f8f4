"""PeerAuthentication, AuthorizationPolicy and Sidecar: who may call, how, and what the service itself calls."""

from __future__ import annotations

from collections.abc import Iterator

from sailwright.diagnostics.finding import Path
from sailwright.project.service.model import Service
from sailwright.project.service.parts import Callee, Caller
from sailwright.render.render_context import RenderContext
from sailwright.render.template_input import TemplateInput
from sailwright.render.waypoints import waypoint_of

NOBODY = "~/*"
"""The egress host of a Sidecar that lets nothing through (Istio: `~` is no namespace)."""


def peer_authentication(service: Service) -> TemplateInput:
    """Mutual TLS of the service's pods (`mesh.mtls`)."""
    paths: dict[Path, Path] = {("spec",): ("mesh", "mtls")}
    return TemplateInput(
        "peerauthentication", service.name, {"selector": service.selector, "mode": service.mesh.mtls}, paths
    )


def authorization_policies(
    service: Service, inbound: tuple[Caller, ...], context: RenderContext
) -> Iterator[TemplateInput]:
    """Who may call: asked of the pods' own proxies, and where the service has a waypoint there as well."""
    yield _at_pods(service, inbound, context)
    if waypoint_of(service, context) is not None:
        sources, paths = _sources(inbound, context)
        target = {"kind": "Service", "group": "", "name": service.host_name}
        variables = {"selector": None, "targetRefs": [target], "sources": sources}
        yield TemplateInput("authorizationpolicy", f"{service.name}-waypoint", variables, paths)


def _at_pods(service: Service, inbound: tuple[Caller, ...], context: RenderContext) -> TemplateInput:
    """One ALLOW by the callers' identities, which the pods' own proxies enforce (in ambient mode ztunnel).

    Without a caller it has no rules, which denies everybody. Behind a waypoint its identity is let in too: ztunnel sees it instead of
    the caller's, and the waypoint asks who that is.
    """
    found = waypoint_of(service, context)
    principal = f"{context.facts.trust_domain}/ns/{found.namespace}/sa/{found.name}" if found and inbound else ""
    sources, paths = _sources(inbound, context, principal)
    return TemplateInput("authorizationpolicy", service.name, {"selector": service.selector, "sources": sources}, paths)


def _sources(
    inbound: tuple[Caller, ...], context: RenderContext, further: str = ""
) -> tuple[list[tuple[str, list[str]]], dict[Path, Path]]:
    """The sources of the one rule, and where each was written. `further` is a principal beside those of the callers."""
    sources: list[tuple[str, list[str]]] = []
    paths: dict[Path, Path] = {("spec",): ("accessPolicy", "inbound")}
    principals: list[str] = []
    for caller in inbound:
        if caller.kind == "namespace":
            continue
        for principal in _principals(caller, context):
            paths["spec", "rules", 0, "from", 0, "source", "principals", len(principals)] = caller.path
            principals.append(principal)
    if further:
        principals.append(further)
    if principals:
        sources.append(("principals", principals))
    namespaces = [caller for caller in inbound if caller.kind == "namespace"]
    if namespaces:
        for index, caller in enumerate(namespaces):
            paths["spec", "rules", 0, "from", len(sources), "source", "namespaces", index] = caller.path
        sources.append(("namespaces", [caller.value for caller in namespaces]))
    return sources, paths


def _principals(caller: Caller, context: RenderContext) -> list[str]:
    """The identities of a caller, as `source.principals` takes them: TRUST-DOMAIN/ns/NAMESPACE/sa/ACCOUNT."""
    if caller.kind == "principal":
        return [caller.value]
    namespace, _, name = caller.value.partition("/")
    accounts: tuple[str, ...] = (name,)
    if caller.kind == "service":
        neighbour = context.neighbours.get(caller.value)
        accounts = neighbour.accounts if neighbour else ()
    return [f"{context.facts.trust_domain}/ns/{namespace}/sa/{account}" for account in accounts]


def sidecar(service: Service, outbound: tuple[Callee, ...], context: RenderContext) -> TemplateInput:
    """What the service's sidecars know of the mesh: the hosts it calls, and no others."""
    hosts: list[str] = []
    paths: dict[Path, Path] = {("spec",): ("accessPolicy", "outbound")}
    for callee in outbound:
        for host in _egress(callee, context):
            paths["spec", "egress", 0, "hosts", len(hosts)] = callee.path
            hosts.append(host)
    return TemplateInput("sidecar", service.name, {"selector": service.selector, "hosts": hosts or [NOBODY]}, paths)


def _egress(callee: Callee, context: RenderContext) -> list[str]:
    """NAMESPACE/HOST entries; a host outside may be declared in any namespace."""
    if callee.kind == "namespace":
        return [f"{callee.value}/*"]
    if callee.kind == "host":
        return [f"*/{callee.value}"]
    namespace = callee.value.partition("/")[0]
    neighbour = context.neighbours.get(callee.value)
    return [f"{namespace}/{host}" for host in neighbour.hosts] if neighbour else []
