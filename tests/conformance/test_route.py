"""The recorded answers of a real Envoy, configured by istiod's own code: every request of every world, field by field."""

import json
from pathlib import Path
from typing import Any

from sailwright.mesh.facts import Facts
from sailwright.mesh.pilot.sidecar_scope import Caller
from sailwright.mesh.world import World
from sailwright.route.request_input import from_json
from sailwright.route.simulator import Simulator
from sailwright.route.sound_simulator import sound_simulator
from sailwright.source.files.files import read
from sailwright.source.manifest import manifests

CALLER = Caller("shop", (("app", "client"), ("tier", "web")))
ONLY_WHERE_SET = ("timeout", "retries", "mirrors", "fault", "virtualService")
"""Fields that say something by their absence."""


def simulator(folder: Path) -> Simulator:
    """The simulated mesh of a recorded world."""
    source = read(str(folder / "world.yaml"))
    mesh = folder / "mesh.yaml"
    mesh_config = read(str(mesh)).documents[0].value if mesh.exists() else {}
    world = World(manifests(source), Facts(istio_version="1.29.6", mesh_config=mesh_config))
    return sound_simulator(world)


def differences(real: dict[str, Any], ours: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    """The fields of an answer that differ: (real, ours)."""
    fields = [*real, *(field for field in ONLY_WHERE_SET if field in ours)]
    return {field: (real.get(field), ours.get(field)) for field in fields if real.get(field) != ours.get(field)}


def test_every_recorded_answer(recorded: Path) -> None:
    """The simulator answers as the real Envoy did."""
    wrong: list[tuple[str, int, dict[str, tuple[Any, Any]]]] = []
    asked = 0
    for folder in sorted((recorded / "routes" / "worlds").iterdir()):
        pairs = json.loads((folder / "answers.json").read_text())
        mesh = simulator(folder)
        requests = from_json(json.dumps([pair["request"] for pair in pairs]), folder.name)
        for number, (pair, item) in enumerate(zip(pairs, requests, strict=True)):
            asked += 1
            found = differences(pair["answer"], mesh.answer(CALLER, item.request))
            if found:
                wrong.append((folder.name, number, found))
    assert asked > 0
    assert wrong == []
