"""`lint --compat istioctl` gives what the analyzers behind `istioctl analyze` gave, message for message."""

import json
import os
import subprocess
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from sailwright.diagnostics.finding import ObjectRef
from sailwright.lint.run import LintRequest, lint
from sailwright.lint.settings import Settings, choose
from sailwright.mesh.facts import Facts
from sailwright.mesh.world import World
from sailwright.source.manifest import manifests
from sailwright.source.source import Source, parse
from sailwright_policies import RULES

RELEASES = ("1.29.6", "1.30.3", "1.31.0")
VALIDATORS = frozenset(("IST0106", "IST0133"))
"""The validators' errors and warnings are held in test_validate.py."""
FILES_ALONE = frozenset(
    [
        "IST0109",
        "IST0128",
        "IST0129",
        "IST0130",
        "IST0131",
        "IST0132",
        "IST0134",
        "IST0138",
        "IST0151",
        "IST0152",
        "IST0153",
        "IST0154",
        "IST0155",
        "IST0157",
        "IST0160",
        "IST0165",
    ]
)
"""What `istioctl analyze --use-kube=false` decides: it takes Services, Namespaces, Pods and Secrets out of the files."""

Messages = Counter[tuple[str, str]]
Recorded = Mapping[str, tuple[Source, Mapping[str, Any]]]


def named(ref: ObjectRef) -> str:
    """How Istio prints an object: `Kind namespace/name`, or without a namespace where it has none."""
    return f"{ref.kind} {ref.namespace}/{ref.name}" if ref.namespace else f"{ref.kind} {ref.name}"


def answer(source: Source, mesh_config: Mapping[str, Any], release: str) -> Messages:
    """The codes and objects that we report."""
    facts = Facts(istio_version=release, mesh_config=mesh_config, compat=True)
    world = World(manifests(source), facts)
    found = lint(LintRequest((world,), (source,), tuple(RULES), choose(RULES, Settings(), compat=True)))
    assert not found.crashed
    return Counter(
        (alias, named(finding.object))
        for finding in found.findings
        for alias in finding.aliases
        if finding.object and alias.startswith("IST") and alias not in VALIDATORS
    )


@pytest.fixture(scope="session")
def worlds(recorded: Path) -> Recorded:
    """The recorded worlds, read once: their manifests and their MeshConfig."""
    found = {}
    for folder in sorted((recorded / "analyze" / "worlds").iterdir()):
        mesh = folder / "mesh.yaml"
        config = parse("mesh.yaml", mesh.read_bytes(), "manifest").documents[0].value if mesh.exists() else {}
        found[folder.name] = (parse("world.yaml", (folder / "world.yaml").read_bytes()), config)
    return found


@pytest.mark.parametrize("release", RELEASES)
def test_every_recorded_world(worlds: Recorded, recorded: Path, release: str) -> None:
    """The same multiset of code and object for every world."""
    differing = {}
    lines = (recorded / "analyze" / f"{release}.jsonl").read_text().splitlines()
    for record in map(json.loads, lines):
        said = ((message["Code"], message["Object"]) for message in record["messages"])
        expected = Counter(each for each in said if each[0] not in VALIDATORS)
        given = answer(*worlds[record["dir"]], release)
        if given != expected:
            differing[record["dir"]] = {"missing": expected - given, "extra": given - expected}
    assert not differing
    assert lines


@pytest.mark.parametrize("release", RELEASES)
def test_a_real_istioctl_agrees_on_what_files_alone_decide(worlds: Recorded, recorded: Path, release: str) -> None:
    """Runs where SAILWRIGHT_ISTIOCTL_1_30 (1_29, 1_31) names a program."""
    variable = "SAILWRIGHT_ISTIOCTL_" + "_".join(release.split(".")[:2])
    program = os.environ.get(variable)
    if not program:
        pytest.skip(f"{variable} names no istioctl")
    for name, (source, mesh_config) in worlds.items():
        folder = recorded / "analyze" / "worlds" / name
        mesh = ["--meshConfigFile", str(folder / "mesh.yaml")] if mesh_config else []
        command = [program, "analyze", "--use-kube=false", "-A", "-o", "json", *mesh, str(folder / "world.yaml")]
        run = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
        said = {(message["code"], message["origin"]) for message in json.loads(run.stdout or "[]")}
        given = set(answer(source, mesh_config, release))
        assert {each for each in given if each[0] in FILES_ALONE} == {
            each for each in said if each[0] in FILES_ALONE
        }, name
