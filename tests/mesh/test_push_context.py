"""One model of who sees what: `route` and rules ask the same push context, under the same MeshConfig."""

from __future__ import annotations

from sailwright.mesh.facts import Facts
from sailwright.mesh.pilot.sidecar_scope import Caller
from sailwright.mesh.queries.push_context import Scopes, push_context_of
from sailwright.mesh.world import World
from sailwright.route.simulator import Simulator
from sailwright.source.manifest import manifests
from sailwright.source.source import parse

SERVICES = """
apiVersion: v1
kind: Service
metadata: {name: pay, namespace: back}
spec: {ports: [{name: http, port: 80}]}
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: front, annotations: {networking.istio.io/exportTo: "*"}}
spec: {ports: [{name: http, port: 80}]}
"""
CONFIG_MAP = """
---
apiVersion: v1
kind: ConfigMap
metadata: {name: istio, namespace: istio-system}
data:
  mesh: |
    outboundTrafficPolicy: {mode: REGISTRY_ONLY}
    defaultServiceExportTo: ["."]
"""
PAY = "pay.back.svc.cluster.local"


def world_of(text: str, facts: Facts | None = None) -> World:
    """The world of a text."""
    return World(manifests(parse("in.yaml", text.encode())), facts or Facts())


def test_route_and_rules_share_one_push_context() -> None:
    """It is made once, whoever asks first."""
    world = world_of(SERVICES)
    assert Simulator(world).push_context is world.index.derived(push_context_of)


def test_the_config_map_of_istiod_holds_for_route_and_for_rules() -> None:
    """REGISTRY_ONLY and the defaults of exportTo come from the ConfigMap that is among the manifests."""
    world = world_of(SERVICES + CONFIG_MAP)
    simulator = Simulator(world)
    assert not simulator.scope(Caller("front")).allow_any
    assert PAY not in simulator.scope(Caller("front")).services
    assert PAY not in world.index.derived(Scopes).of(Caller("front")).services
    assert world.index.registry.services(PAY, "front") == ()


def test_what_the_project_says_goes_before_the_config_map() -> None:
    """As the flag does: a MeshConfig that is given is the whole of it."""
    world = world_of(SERVICES + CONFIG_MAP, Facts(mesh_config={"defaultServiceExportTo": ["*"]}))
    assert world.index.derived(Scopes).of(Caller("front")).allow_any
    assert PAY in world.index.derived(Scopes).of(Caller("front")).services


def test_default_exports_count_where_an_object_names_no_namespaces() -> None:
    """Each kind has its own default; an object's own exportTo replaces it; the analyzers of istioctl know none."""
    rules = """
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: pay, namespace: back}
spec: {hosts: [pay]}
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: pay, namespace: back}
spec: {host: pay, exportTo: [front]}
"""
    defaults = {f"default{kind}ExportTo": ["."] for kind in ("Service", "VirtualService", "DestinationRule")}
    index = world_of(SERVICES + rules, Facts(mesh_config=defaults)).index
    assert [service.exports.visible_in("front") for service in index.services] == [False, True]
    assert not index.virtual_services[0].exports.visible_in("front")
    assert index.destination_rules[0].exports.visible_in("front")
    compat = world_of(SERVICES + rules, Facts(mesh_config=defaults, compat=True)).index
    assert all(service.exports.everywhere for service in compat.services)
