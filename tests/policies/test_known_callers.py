"""What known callers see: a question about one host is answered as the whole scope of each caller would answer it."""

from __future__ import annotations

import os

from hypothesis import given, settings
from hypothesis import strategies as st

from sailwright.mesh.pilot.sidecar_scope import Caller, Scope
from sailwright.mesh.queries.known_callers import KnownCallers, known_callers
from sailwright.mesh.queries.push_context import Scopes
from sailwright.mesh.queries.routed_callers import RoutedCallers, Target, as_istiod_reads, concerns, targets
from sailwright.mesh.values.hosts import overlap
from sailwright.mesh.world import World
from sailwright.source.manifest import manifests
from sailwright.source.source import parse

RUNS = int(os.environ.get("SAILWRIGHT_FUZZ_RUNS") or 60)
NAMESPACES = ("shop", "front", "back")
CART, PAY = "cart.shop.svc.cluster.local", "pay.back.svc.cluster.local"
EXPORTS = ("", "exportTo: [.], ", "exportTo: [front], ", "exportTo: ['*'], ")
MATCHES = ("", "match: [{sourceNamespace: front}], ", "match: [{sourceLabels: {app: web}}], ")
IMPORTS = ("./*", "*/*", "shop/*", f"back/{PAY}", "*/x.example.com")


def istio(kind: str, name: str, namespace: str, spec: str) -> str:
    """An object of Istio's networking API."""
    head = f"apiVersion: networking.istio.io/v1\nkind: {kind}\nmetadata: {{name: {name}, namespace: {namespace}}}\n"
    return f"{head}spec: {{{spec}}}"


@st.composite
def meshes(draw: st.DrawFn) -> str:
    """Objects of each kind that has a part in who sees what, in three namespaces."""

    def one(*values: str) -> str:
        return draw(st.sampled_from(values))

    def some(values: tuple[str, ...]) -> list[str]:
        return draw(st.lists(st.sampled_from(values), min_size=1, max_size=2, unique=True))

    hidden = one("", ", annotations: {networking.istio.io/exportTo: back}")
    listening = one("80", "8080")
    found = [
        "apiVersion: v1\nkind: Service\nmetadata: {name: cart, namespace: shop}\nspec: {ports: [{name: http, port: 8080}]}"
    ]
    found.append(
        f"apiVersion: v1\nkind: Service\nmetadata: {{name: pay, namespace: back{hidden}}}\n"
        f"spec: {{ports: [{{name: http, port: {listening}}}]}}"
    )
    for number in range(draw(st.integers(0, 2))):
        hosts = one("x.example.com", "'*.example.com'")
        spec = f"{one(*EXPORTS)}hosts: [{hosts}], ports: [{{number: 80, name: http, protocol: HTTP}}]"
        found.append(istio("ServiceEntry", f"entry-{number}", one(*NAMESPACES), spec))
    for number in range(draw(st.integers(0, 3))):
        clients, subset = one("", "workloadSelector: {matchLabels: {app: web}}, "), one("v1", "v2")
        subsets = f"subsets: [{{name: {subset}, labels: {{version: {subset}}}}}]"
        spec = f"{one(*EXPORTS)}{clients}host: '{one(CART, PAY, '*.local')}', {subsets}"
        found.append(istio("DestinationRule", f"rule-{number}", one(*NAMESPACES), spec))
    for number in range(draw(st.integers(1, 3))):
        hosts = f"hosts: {some((CART, PAY, 'x.example.com', '*.example.com'))}"
        route = f"route: [{{destination: {{host: {one(CART, PAY, 'x.example.com')}, subset: v1}}}}]"
        spec = f"{one(*EXPORTS)}{hosts}, http: [{{{one(*MATCHES)}{route}}}]"
        found.append(istio("VirtualService", f"routes-{number}", one(*NAMESPACES), spec))
    for number in range(draw(st.integers(0, 2))):
        clients = one("", "workloadSelector: {labels: {app: web}}, ")
        spec = f"{clients}egress: [{{hosts: {some(IMPORTS)}}}]"
        found.append(istio("Sidecar", f"sidecar-{number}", one(*NAMESPACES, "istio-system"), spec))
    for number in range(draw(st.integers(1, 4))):
        carried = f'{{app: {one("web", "job")}, sidecar.istio.io/inject: "true"}}'
        found.append(
            f"apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: w{number}, namespace: {one(*NAMESPACES)}}}\n"
            f"spec: {{template: {{metadata: {{labels: {carried}}}}}}}"
        )
    return "\n---\n".join(found)


def unseen(scope: Scope, target: Target) -> bool:
    """Whether a caller has no cluster for the subset of a target."""
    service = scope.services.get(target.host)
    rule = scope.destination_rule(service) if service else None
    return rule is None or target.subset not in rule.subsets


def seen_one_by_one(world: World) -> dict[tuple[str, int], set[str]]:
    """The namespaces of callers that are sent where they see nothing, by VirtualService and place, by the scope of every workload."""
    index, found = world.index, dict[tuple[str, int], set[str]]()
    for routes in index.derived(as_istiod_reads).values():
        for number, target in enumerate(targets(routes)):
            for workload in index.workloads:
                caller = Caller(workload.namespace, tuple(sorted(workload.labels.items())))
                scope = index.derived(Scopes).of(caller)
                routed = any(
                    routes in listener.virtual_services
                    and any(
                        any(overlap(host, service.host) for host in routes.hosts)
                        or any(port.number == 80 and port.carries_http for port in service.ports)
                        for service in listener.services
                    )
                    for listener in scope.listeners
                )
                if routed and unseen(scope, target) and any(concerns(each, caller, "http") for each in target.matches):
                    found.setdefault((routes.name, number), set()).add(caller.namespace)
    return found


@given(meshes())
@settings(max_examples=RUNS, deadline=None)
def test_one_host_is_seen_as_by_the_whole_scope_of_each_caller(text: str) -> None:
    """Nobody works out all that each caller sees for it, and callers that see the same are asked about once."""
    world = World(manifests(parse("mesh.yaml", text.encode())))
    index, expected = world.index, seen_one_by_one(world)
    known = index.derived(KnownCallers)
    for routes in index.derived(as_istiod_reads).values():
        routed = RoutedCallers(index, routes)
        for number, target in enumerate(targets(routes)):
            callers = (each for each in routed.of(target))
            lost = {
                each.caller.namespace
                for each in callers
                if unseen(known.scope(each.caller, each.sidecar, target.host), target)
            }
            assert lost == expected.get((routes.name, number), set())


@given(meshes())
@settings(max_examples=RUNS, deadline=None)
def test_what_is_seen_of_a_host_is_what_the_whole_scope_has(text: str) -> None:
    """Its ports, too: a route brings in a service that no Sidecar imports, with the ports that it names."""
    index = World(manifests(parse("mesh.yaml", text.encode()))).index
    known, scopes = index.derived(KnownCallers), index.derived(Scopes)
    for workload, sidecar in known_callers(index):
        caller = Caller(workload.namespace, tuple(sorted(workload.labels.items())))
        for host in (CART, PAY, "x.example.com"):
            whole, narrow = scopes.of(caller), known.scope(caller, sidecar, host)
            assert seen(narrow, host) == seen(whole, host)


def seen(scope: Scope, host: str) -> object:
    """The namespace and the ports of a service, and the DestinationRules that count for it."""
    service = scope.services.get(host)
    rule = scope.destination_rule(service) if service else None
    return service and (service.namespace, service.ports), rule and [each.name for each in rule.manifests]
