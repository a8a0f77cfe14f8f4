"""The way of a request is the same whether the mesh is asked as compiled, or as the YAML that it is compiled into."""

import json
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from sailwright.mesh.pilot.sidecar_scope import Caller
from sailwright.mesh.world import World
from sailwright.route.request import Request
from sailwright.route.simulator import Simulator
from sailwright.runtime.cache import Cache
from sailwright.source.files.checkout import Disk
from sailwright.source.manifest import manifests
from sailwright.source.source import parse
from sailwright.workspace.compile import Compilation, compile_project
from sailwright.workspace.load import load
from sailwright.workspace.selection import Selection

PROJECT = """\
apiVersion: sailwright/v1alpha1
services: [service.yaml]
istio: {version: 1.30.0, sidecarMode: native}
"""
VERSIONS = ("v1", "v2", "v3")
MATCH = st.fixed_dictionaries(
    {},
    optional={
        "uri": st.sampled_from([{"prefix": "/api"}, {"exact": "/a"}, {"regex": "/[ab].*"}]),
        "headers": st.just({"x-user": {"exact": "staff"}}),
        "method": st.just({"exact": "GET"}),
    },
).filter(bool)
ROUTE = st.fixed_dictionaries(
    {"match": st.lists(MATCH, min_size=1, max_size=2), "to": st.sampled_from(VERSIONS)},
    optional={"timeout": st.sampled_from(["5s", "250ms"]), "rewrite": st.just({"uri": "/new"})},
)
SERVICE = st.fixed_dictionaries(
    {
        "weights": st.sampled_from([(100, 0, 0), (80, 20, 0), (1, 1, 98)]),
        "routes": st.lists(ROUTE, max_size=3),
        "ports": st.sampled_from([(9080,), (80, 9080)]),
    },
    optional={"timeout": st.just("3s"), "retries": st.just({"attempts": 3, "retryOn": "5xx"})},
)
REQUEST = st.builds(
    Request,
    port=st.sampled_from([80, 9080]),
    authority=st.sampled_from(["reviews", "reviews.shop", "nowhere"]),
    path=st.sampled_from(["/", "/api/x", "/a", "/b?q=1"]),
    headers=st.sampled_from([{}, {"x-user": "staff"}]),
    method=st.sampled_from(["GET", "PUT"]),
)


def service_file(drawn: dict[str, Any]) -> dict[str, Any]:
    """A service.yaml as plain data."""
    settings_of: dict[str, Any] = {key: drawn[key] for key in ("timeout", "retries") if key in drawn}
    return {
        "apiVersion": "sailwright/v1alpha1",
        "name": "reviews",
        "namespace": "shop",
        "ports": [{"name": f"http-{port}", "port": port, "appProtocol": "http"} for port in drawn["ports"]],
        "versions": [
            {"name": name, "image": f"reviews:{name}", "weight": weight}
            for name, weight in zip(VERSIONS, drawn["weights"], strict=True)
        ],
        "routes": [{"name": f"r{number}", **route} for number, route in enumerate(drawn["routes"])],
        **settings_of,
    }


@settings(max_examples=40, deadline=None)
@given(drawn=SERVICE, requests=st.lists(REQUEST, min_size=6, max_size=6))
def test_rendered_services_route_as_their_manifests_do(drawn: dict[str, Any], requests: list[Request]) -> None:
    """What the compiler knows and what its text says are one mesh."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "sailwright.yaml").write_text(PROJECT)
        Path(folder, "service.yaml").write_text(as_yaml(service_file(drawn)))
        (compiled,) = load(Selection(project=folder, injecting=False, context="mesh")).sound_worlds()
        compilation = compile_project(Disk(folder), Cache(None), injecting=False)
        assert isinstance(compilation, Compilation)
        text = b"".join(
            b"---\n" + rendered.data() for target in compilation.targets for rendered in compilation.files(target)
        )
    written = World(manifests(parse("rendered.yaml", text)), compiled.facts)
    one, other = Simulator(compiled), Simulator(written)
    for request in requests:
        for namespace in ("shop", "pay"):
            assert one.answer(Caller(namespace), request) == other.answer(Caller(namespace), request)


def as_yaml(value: dict[str, Any]) -> str:
    """A service file: its first key in block style, the values in flow style."""
    return "".join(f"{key}: {json.dumps(item)}\n" for key, item in value.items())
