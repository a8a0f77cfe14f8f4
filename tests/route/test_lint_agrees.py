"""Lint and `route` have one model: a destination is reported exactly where a request of a known caller finds no cluster."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from sailwright.lint.run_rules import EnabledRule, run_rules
from sailwright.mesh.facts import Facts, Known
from sailwright.mesh.pilot.sidecar_scope import Caller
from sailwright.mesh.world import World
from sailwright.route.callers import gateway_caller
from sailwright.route.request import Request
from sailwright.route.simulator import Simulator
from sailwright.source.manifest import manifests
from sailwright.source.source import parse
from sailwright_policies.virtual_service import (
    destination_host_unknown,
    destination_port_unknown,
    destination_subset_unknown,
    destination_unseen_by_callers,
)

NAMESPACES = ("a", "b", "c")
ROOT = "istio-system"
EVERYBODY_LACKS = (destination_host_unknown, destination_port_unknown, destination_subset_unknown)
"""Rules that say: nobody who is routed there has this cluster."""
Place = tuple[str, str]
"""A VirtualService as `namespace/name`, and the host, port and subset of a destination of it."""
PORTS = {"http": 80, "tcp": 9000, "tls": 443}
"""The ports of each Service by their names, which say what they carry."""

exports = st.sampled_from([None, ["."], ["*"], ["a"], ["b"], ["a", "b"], [".", "c"]])
namespaces = st.sampled_from(NAMESPACES)
names = st.sampled_from(["x", "y"])
hosts = st.builds(lambda name, namespace: f"{name}.{namespace}.svc.cluster.local", names, st.sampled_from(["a", "b"]))
subsets = st.sampled_from(["v1", "v2"])


def _object(kind: str, namespace: str, name: str, spec: dict[str, Any], version: str = "networking.istio.io/v1") -> Any:
    return {"apiVersion": version, "kind": kind, "metadata": {"namespace": namespace, "name": name}, "spec": spec}


def _with_export(spec: dict[str, Any], export_to: list[str] | None) -> dict[str, Any]:
    return spec if export_to is None else {**spec, "exportTo": export_to}


@st.composite
def services(draw: st.DrawFn) -> list[Any]:
    """Up to four Services of two namespaces."""
    found = []
    ports = [{"name": name, "port": port} for name, port in PORTS.items()]
    for namespace, name in draw(st.sets(st.tuples(st.sampled_from(["a", "b"]), names))):
        service = _object("Service", namespace, name, {"ports": ports}, "v1")
        exported = draw(exports)
        if exported is not None:
            service["metadata"]["annotations"] = {"networking.istio.io/exportTo": ",".join(exported)}
        found.append(service)
    return found


@st.composite
def virtual_services(draw: st.DrawFn) -> list[Any]:
    """At most one for each host, each with one rule."""
    found = []
    for number, host in enumerate(draw(st.lists(hosts, min_size=1, max_size=3, unique=True))):
        targets = []
        for _ in range(draw(st.integers(1, 2))):
            subset = draw(st.none() | subsets)
            targets.append({"host": draw(hosts), **({"subset": subset} if subset else {})})
        weights = [100] if len(targets) == 1 else draw(st.sampled_from([[50, 50], [100, 0]]))
        rule: dict[str, Any] = {
            "route": [{"destination": to, "weight": weight} for to, weight in zip(targets, weights, strict=True)]
        }
        source = draw(st.none() | namespaces)
        if source:
            rule["match"] = [{"sourceNamespace": source}]
        spec = _with_export({"hosts": [host], "http": [rule]}, draw(exports))
        found.append(_object("VirtualService", draw(namespaces), f"vs-{number}", spec))
    return found


@st.composite
def routes_of_any_kind(draw: st.DrawFn) -> list[Any]:
    """At most one VirtualService for each host: of http with mirrors, in the mesh or at gateways, of tcp or of tls."""
    found = []
    for number, host in enumerate(draw(st.lists(hosts, min_size=1, max_size=3, unique=True))):
        block = draw(st.sampled_from(["http", "http", "tcp", "tls"]))
        port = PORTS[block]
        rule: dict[str, Any] = {"route": [{"destination": draw(destinations(port)), "weight": 100}]}
        if block == "http" and draw(st.booleans()):
            rule["mirror"] = draw(destinations(port))
        if block == "http" and draw(st.booleans()):
            rule["mirrors"] = [{"destination": draw(destinations(port)), "percentage": {"value": 10}}]
        match: dict[str, Any] = {"port": port} if block != "http" else {}
        if block == "tls":
            match["sniHosts"] = [host]
        source = draw(st.none() | namespaces)
        if source:
            match["sourceNamespace"] = source
        if match:
            rule["match"] = [match]
        spec: dict[str, Any] = _with_export({"hosts": [host], block: [rule]}, draw(exports))
        gateways = draw(st.sampled_from([None, ["a/gw"], ["mesh", "c/gw"]])) if block == "http" else None
        found.append(
            _object(
                "VirtualService", draw(namespaces), f"vs-{number}", {**spec, "gateways": gateways} if gateways else spec
            )
        )
    return found


@st.composite
def destinations(draw: st.DrawFn, port: int) -> dict[str, Any]:
    """A host, with a subset or none, at a port that it has or, seldom, has not."""
    subset = draw(st.none() | subsets)
    written = draw(st.sampled_from([port, port, port, port + 1]))
    return {"host": draw(hosts), "port": {"number": written}, **({"subset": subset} if subset else {})}


@st.composite
def destination_rules(draw: st.DrawFn) -> list[Any]:
    """Rules of any namespace, for a host or a wildcard, for all clients or for some."""
    found = []
    for number in range(draw(st.integers(0, 4))):
        spec: dict[str, Any] = {"host": draw(hosts | st.just("*.a.svc.cluster.local"))}
        spec["subsets"] = [{"name": name, "labels": {"v": name}} for name in sorted(draw(st.sets(subsets)))]
        if draw(st.integers(0, 3)) == 0:
            spec["workloadSelector"] = {"matchLabels": {"app": "web"}}
        spec = _with_export(spec, draw(exports))
        found.append(_object("DestinationRule", draw(st.sampled_from((*NAMESPACES, ROOT))), f"dr-{number}", spec))
    return found


@st.composite
def meshes(draw: st.DrawFn, routes: st.SearchStrategy[list[Any]] = virtual_services()) -> tuple[Any, ...]:
    """A mesh with a calling workload in each namespace, a second one in `a`, and gateways in `a` and `c`."""
    found = draw(services()) + draw(routes) + draw(destination_rules())
    for namespace in ("a", "c"):
        server = {"port": {"number": 80, "name": "http", "protocol": "HTTP"}, "hosts": ["*"]}
        found.append(_object("Gateway", namespace, "gw", {"selector": {"gw": namespace}, "servers": [server]}))
        pod = {"metadata": {"labels": {"gw": namespace, "sidecar.istio.io/inject": "true"}}}
        found.append(_object("Deployment", namespace, "gw", {"template": pod}, "apps/v1"))
    if draw(st.booleans()):
        egress = draw(st.sampled_from([["./*"], ["a/*"], ["*/*"], ["b/x.b.svc.cluster.local"]]))
        found.append(
            _object("Sidecar", draw(st.sampled_from((*NAMESPACES, ROOT))), "default", {"egress": [{"hosts": egress}]})
        )
    for namespace, app in [*((namespace, "web") for namespace in NAMESPACES), ("a", "job")]:
        labels = {"app": app, "sidecar.istio.io/inject": "true"}
        found.append(_object("Deployment", namespace, app, {"template": {"metadata": {"labels": labels}}}, "apps/v1"))
    defaults = {
        f"default{kind}ExportTo": exported
        for kind in ("Service", "VirtualService", "DestinationRule")
        if (exported := draw(st.sampled_from([None, None, ["."], ["*"]])))
    }
    return tuple(found), defaults


def world_of(objects: tuple[Any, ...], defaults: dict[str, Any]) -> World:
    """The world of some objects, under a MeshConfig: nothing else exists."""
    text = "\n---\n".join(json.dumps(each) for each in objects)
    facts = Facts(known=Known(hosts=()), mesh_config=defaults)
    return World(manifests(parse("mesh.yaml", text.encode())), facts)


def answered(world: World) -> tuple[set[Place], set[Place]]:
    """The destinations that requests of known callers reach, and those that lack a cluster for one of them."""
    simulator = Simulator(world)
    reached: set[Place] = set()
    lacking: set[Place] = set()
    for caller in _callers(world, simulator):
        for host in {name for found in world.index.virtual_services for name in found.hosts}:
            for scheme, port in PORTS.items() if caller.gateway is None else [("http", 80)]:
                answer = simulator.answer(caller, Request(port, host, scheme=scheme))
                if answer.get("virtualService"):
                    for to in (*answer.get("destinations", ()), *answer.get("mirrors", ())):
                        place = answer["virtualService"], f"{to['host']}:{to['port']} {to.get('subset', '')}"
                        (lacking if to.get("unknown") else reached).add(place)
    return reached, lacking


def _callers(world: World, simulator: Simulator) -> Iterator[Caller]:
    """The workloads with a sidecar, and the gateways."""
    for workload in world.index.workloads:
        if "gw" not in workload.labels:
            yield Caller(workload.namespace, tuple(sorted(workload.labels.items())))
    for name in ("a/gw", "c/gw"):
        yield gateway_caller(simulator.push_context, name)


def reported(world: World, *rules: Any) -> set[Place]:
    """The destinations that lint reports, but for those without traffic."""
    found: set[Place] = set()
    for each in run_rules([world], [EnabledRule(rule) for rule in rules]).found:
        read = next(vs for vs in world.index.virtual_services if vs.manifest is each.problem.manifest)
        for to in read.destinations:
            if each.problem.path[: len(to.path)] == to.path and not to.is_idle:
                found.add((f"{read.namespace}/{read.manifest.name}", f"{to.full_host}:{to.port or 80} {to.subset}"))
    return found


@settings(max_examples=100, deadline=None)
@given(meshes() | meshes(routes_of_any_kind()))
def test_lint_reports_a_destination_exactly_where_route_finds_no_cluster(mesh: tuple[Any, ...]) -> None:
    """What lacks a cluster for some caller is reported; what is reported lacks one, for all callers or for some as said."""
    world = world_of(*mesh)
    reached, lacking = answered(world)
    for_all, for_some = reported(world, *EVERYBODY_LACKS), reported(world, destination_unseen_by_callers)
    assert lacking <= for_all | for_some
    assert for_some <= lacking
    assert not for_all & reached
