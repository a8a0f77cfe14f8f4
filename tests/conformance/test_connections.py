"""The recorded answers of a real Envoy for wider HTTP, connections, Gateways and the Gateway API: every request, field by field."""

import json
from pathlib import Path
from typing import Any

import pytest

from sailwright.mesh.facts import Facts
from sailwright.mesh.pilot.sidecar_scope import Caller
from sailwright.mesh.world import World
from sailwright.route.callers import caller_of
from sailwright.route.request_input import RequestItem, from_json
from sailwright.route.simulator import Simulator
from sailwright.route.sound_simulator import sound_simulator
from sailwright.source.files.files import read
from sailwright.source.manifest import manifests
from sailwright.source.source import parse

CALLER = Caller("shop", (("app", "client"), ("tier", "web")))
"""Who asks where a request does not say."""
GRPC_DEFINITION = b"""
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: grpcroutes.gateway.networking.k8s.io}
"""
"""The recorded cluster's definition of GRPCRoute did not say its version, so istiod read no GRPCRoute there: none is in force
in any recorded answer.
"""


def simulator(folder: Path) -> Simulator:
    """The simulated mesh of a recorded world."""
    mesh = folder / "mesh.yaml"
    mesh_config = read(str(mesh)).documents[0].value if mesh.exists() else {}
    facts = Facts(istio_version="1.29.6", mesh_config=mesh_config)
    definition = manifests(parse("definition.yaml", GRPC_DEFINITION))
    return sound_simulator(World((*manifests(read(str(folder / "world.yaml"))), *definition), facts))


def compared(answer: dict[str, Any], *, owner: bool) -> dict[str, Any]:
    """The fields that are compared: no words of ours, and no status where a connection is closed."""
    found = {key: value for key, value in answer.items() if key not in ("reason", "virtualServiceUnknown")}
    if not owner:
        found.pop("virtualService", None)
    if found["kind"] == "blocked":
        found.pop("status", None)
    if "upstream" in found:
        found["upstream"] = {key: value for key, value in found["upstream"].items() if key != "note"}
    return found


def answered(mesh: Simulator, item: RequestItem) -> dict[str, Any]:
    """Our answer to one item."""
    asker = item.asker
    caller = caller_of(mesh.push_context, asker.namespace, asker.labels, asker.gateway) if asker else CALLER
    return mesh.answer(caller, item.request)


@pytest.mark.parametrize("suite", ["routes-wide", "tcp", "gateway", "gwapi"])
def test_every_recorded_answer(recorded: Path, suite: str) -> None:
    """The simulator answers as the real Envoy did."""
    worlds = recorded / suite / "worlds"
    if not worlds.is_dir():
        pytest.skip(f"no recorded answers in {worlds}")
    wrong: list[tuple[str, int, Any, Any]] = []
    asked = 0
    for folder in sorted(worlds.iterdir()):
        pairs = json.loads((folder / "answers.json").read_text())
        mesh = simulator(folder)
        items = from_json(json.dumps([pair["request"] for pair in pairs]), folder.name)
        for number, (pair, item) in enumerate(zip(pairs, items, strict=True)):
            asked += 1
            owner = not pair["answer"].get("virtualServiceUnknown")
            real = compared(pair["answer"], owner=owner)
            ours = compared(answered(mesh, item), owner=owner)
            if real != ours:
                wrong.append((folder.name, number, real, ours))
    assert asked > 0
    assert wrong == []
