"""examples/every-field/services/shop/service.yaml shows each field of service.yaml once, with a comment, and is sound."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from sailwright.cli import main
from sailwright.project.schema.judge import schema

ROOT = Path(__file__).parent.parent.parent
PROJECT = ROOT / "examples" / "every-field"
FILE = PROJECT / "services" / "shop" / "service.yaml"

ELSEWHERE = {
    "external": "bank",
    "mesh.waypoint": "prices",
    "workload.schedule": "night-report",
    "workload.volumeClaimTemplates": "stock",
}
"""Fields that exclude others of the file, and the neighbour that shows them."""

NOT_SHOWN = {
    "hostNetwork": "takes away the sidecar",
    "hostPID": "a privilege that the namespace would have to allow",
    "hostIPC": "the same",
    "nodeName": "goes past the scheduler",
    "priority": "set by Kubernetes",
    "runtimeClassName": "needs a RuntimeClass of the cluster",
    "overhead": "set by the RuntimeClass",
    "readinessGates": "need a controller that sets the condition",
    "volumeDevices": "need a block device",
    "serviceAccount": "shown at the top level",
    "autoscaling": "shown at the top level",
    "disruptionBudget": "shown at the top level",
    "replicas": "excluded by autoscaling; shown by stock",
    "image": "shown under versions",
}
"""Settings of the pods that the file leaves out, each with its reason."""


def test_each_top_level_field_is_shown() -> None:
    shown = yaml.safe_load(FILE.read_text())
    fields = {field for field in schema("service")["properties"] if field not in ("$patch", "mirrors")}
    assert fields - shown.keys() == {"external"}
    assert "mirrors" in FILE.read_text()
    for path, neighbour in ELSEWHERE.items():
        value: Any = yaml.safe_load((PROJECT / "services" / neighbour / "service.yaml").read_text())
        for key in path.split("."):
            value = value[key]
        assert value


def test_each_setting_of_the_pods_is_shown() -> None:
    shown = yaml.safe_load(FILE.read_text())["defaults"].keys()
    settings = {field for field in schema("service")["$defs"]["Settings"]["properties"] if not field.startswith("$")}
    assert settings - shown - NOT_SHOWN.keys() == set()
    assert shown & NOT_SHOWN.keys() == set()


def test_each_line_has_a_comment() -> None:
    """So that no field is left to be guessed; entries of one list after the first explain themselves."""
    bare = [
        line
        for line in FILE.read_text().splitlines()
        if line.strip() and "#" not in line and not re.match(r"\s*- \{", line)
    ]
    assert bare == []


@pytest.mark.parametrize("command", ["lint", "validate", "test"])
def test_it_is_sound(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Not one finding, notes included. That it is built is checked with the other examples."""
    assert main([command, "--project", str(PROJECT)]) == 0
    output = capsys.readouterr()
    assert not re.search(r"\[[a-z0-9-]+\]$", output.out, re.MULTILINE), output.out
