"""Broken worlds: one clear sentence, or an answer; never an exception of another kind."""

import copy
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.route.mesh import SHOP

from sailwright.commands.diff.traffic import traffic_changes
from sailwright.diagnostics.finding import Path
from sailwright.mesh.facts import Facts
from sailwright.mesh.world import World
from sailwright.route.callers import caller_of
from sailwright.route.classes.unreachable import dead_matches
from sailwright.route.explain import explain, explain_hosts
from sailwright.route.request_input import from_url
from sailwright.route.simulator import Simulator
from sailwright.route.sound_simulator import sound_simulator
from sailwright.runtime.errors import Failure
from sailwright.source.manifest import Manifest
from sailwright.source.source import parse

NETWORKING = "networking.istio.io/v1"
OBJECTS: list[dict[str, Any]] = [
    {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": "cart", "namespace": "shop"},
        "spec": {"clusterIP": "10.0.0.1", "ports": [{"name": "http", "port": 80}, {"name": "tcp-db", "port": 5432}]},
    },
    {
        "apiVersion": NETWORKING,
        "kind": "VirtualService",
        "metadata": {"name": "cart", "namespace": "shop"},
        "spec": {
            "hosts": ["cart"],
            "gateways": ["mesh", "edge/public"],
            "exportTo": ["*"],
            "http": [
                {"match": [{"uri": {"prefix": "/a"}}, {"uri": {"exact": "/b"}}], "delegate": {"name": "child"}},
                {
                    "name": "r",
                    "match": [{"headers": {"x": {"exact": "1"}}, "sourceLabels": {"app": "client"}}],
                    "route": [{"destination": {"host": "cart", "subset": "v1"}, "weight": 1}],
                    "rewrite": {"uri": "/x"},
                    "timeout": "5s",
                    "retries": {"attempts": 2, "retryOn": "5xx"},
                    "fault": {"delay": {"fixedDelay": "1s", "percentage": {"value": 1}}},
                    "mirror": {"host": "cart"},
                    "headers": {"request": {"set": {"x-a": "1"}}},
                },
                {"redirect": {"uri": "/y", "redirectCode": 302}},
            ],
            "tcp": [{"match": [{"port": 5432}], "route": [{"destination": {"host": "cart"}}]}],
            "tls": [{"match": [{"sniHosts": ["cart"]}], "route": [{"destination": {"host": "cart"}}]}],
        },
    },
    {
        "apiVersion": NETWORKING,
        "kind": "VirtualService",
        "metadata": {"name": "child", "namespace": "shop"},
        "spec": {"http": [{"directResponse": {"status": 200, "body": {"string": "x"}}}]},
    },
    {
        "apiVersion": NETWORKING,
        "kind": "DestinationRule",
        "metadata": {"name": "cart", "namespace": "shop"},
        "spec": {"host": "cart", "subsets": [{"name": "v1", "labels": {"version": "v1"}}]},
    },
    {
        "apiVersion": NETWORKING,
        "kind": "ServiceEntry",
        "metadata": {"name": "api", "namespace": "shop"},
        "spec": {"hosts": ["api.example.com"], "ports": [{"number": 443, "name": "tls", "protocol": "TLS"}]},
    },
    {
        "apiVersion": NETWORKING,
        "kind": "Sidecar",
        "metadata": {"name": "default", "namespace": "shop"},
        "spec": {"egress": [{"hosts": ["./*"]}], "outboundTrafficPolicy": {"mode": "ALLOW_ANY"}},
    },
    {
        "apiVersion": NETWORKING,
        "kind": "Gateway",
        "metadata": {"name": "public", "namespace": "edge"},
        "spec": {
            "selector": {"istio": "edge"},
            "servers": [{"port": {"number": 80, "name": "http", "protocol": "HTTP"}, "hosts": ["*"]}],
        },
    },
]
JUNK: st.SearchStrategy[Any] = st.sampled_from(
    [None, 3, -1, 1.5, True, "", "x", "*", "a/b/c", [], [None], ["x"], {}, {"x": None}, {"": {}}]
)
URLS = ("http://cart/a", "http://cart/zz", "tcp://cart:5432", "tls://api.example.com", "http://nowhere/")


def places(value: Any, path: Path = ()) -> Iterator[Path]:
    """Every key path of a tree."""
    yield path
    if isinstance(value, dict):
        for key, item in value.items():
            yield from places(item, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from places(item, (*path, index))


PLACES = [(number, path) for number, found in enumerate(OBJECTS) for path in places(found) if path]


def below(node: Any, key: str | int) -> Any:
    """What stands at a key or index of a map or list; None where an earlier change took it away."""
    if isinstance(node, str):  # a text that an earlier change put here has indices too
        return None
    try:
        return node[key]
    except (TypeError, KeyError, IndexError):
        return None


def spoilt(changes: list[tuple[tuple[int, Path], Any]]) -> World:
    """The world with junk at some places."""
    objects = copy.deepcopy(OBJECTS)
    for (number, path), junk in changes:
        node: Any = objects[number]
        for key in path[:-1]:
            node = below(node, key)
        if below(node, path[-1]) is not None:
            node[path[-1]] = copy.deepcopy(junk)
    document = parse("world.yaml", b"x").documents[0]
    return World(tuple(Manifest(found, document) for found in objects), Facts())


@settings(max_examples=400, deadline=None)
@given(changes=st.lists(st.tuples(st.sampled_from(PLACES), JUNK), min_size=1, max_size=3))
def test_junk_anywhere_is_refused_or_answered(changes: list[tuple[tuple[int, Path], Any]]) -> None:
    """Asking, walking, listing, comparing and judging all survive it."""
    world = spoilt(changes)
    for virtual_service in world.index.virtual_services:
        dead_matches(world.index, virtual_service)
    traffic_changes(spoilt([]), world)
    Simulator(world)
    try:
        mesh = sound_simulator(world)
    except Failure:
        return
    for url in URLS:
        request = from_url(url, "GET", ())
        assert mesh.answer(SHOP, request)["kind"]
        assert explain(mesh, SHOP, request)
    for port, table in mesh.route_configurations(SHOP):
        assert explain_hosts(table, port)[0].startswith(f"port {port}")
    if "edge/public" in mesh.push_context.gateways:
        edge = caller_of(mesh.push_context, None, (), "edge/public")
        assert mesh.answer(edge, from_url("http://cart/", "GET", ()))["kind"]
        for port, table in mesh.route_configurations(edge):
            assert explain_hosts(table, port)


@pytest.mark.parametrize(
    "mesh_config",
    [
        {"outboundTrafficPolicy": 3},
        {"defaultServiceExportTo": "x"},
        {"pathNormalization": []},
        {"defaultHttpRetryPolicy": {"attempts": "x", "retryOn": 3, "perTryTimeout": 3}},
        {"rootNamespace": 3},
    ],
)
def test_junk_in_the_mesh_config(mesh_config: dict[str, Any]) -> None:
    """What is of the wrong shape counts as absent."""
    document = parse("world.yaml", b"x").documents[0]
    world = World(tuple(Manifest(found, document) for found in OBJECTS), Facts(mesh_config=mesh_config))
    assert sound_simulator(world).answer(SHOP, from_url("http://cart/zz", "GET", ()))["kind"]
