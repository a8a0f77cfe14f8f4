"""The recorded answers of the real `istioctl kube-inject`: 171 workloads, eleven installations, three releases, both modes.

With a program named by SAILWRIGHT_ISTIOCTL_1_30 (and the like for other lines) the same workloads run through it, live.
"""

import os
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
from tests.conformance.kube_inject import comparable, differences

from sailwright.mesh.values.releases import LINES, parse_release
from sailwright.render.injection.inject import inject
from sailwright.render.injection.settings import InjectionSettings, settings_from
from sailwright.source.source import parse

RELEASES = ("1.29.6", "1.30.3", "1.31.0")
INSTALLATIONS = (
    "cni", "default", "hold", "multus", "network", "quiet", "ranges", "resources", "revision", "tproxy", "variant",
)  # fmt: skip
MODES = ("native", "classic")
PROGRAMS = {
    line.name: os.environ[name]
    for line in LINES
    if (name := f"SAILWRIGHT_ISTIOCTL_{line.name.replace('.', '_')}") in os.environ
}


def read(file: Path) -> Any:
    """The only document of a file."""
    return parse(file.name, file.read_bytes(), "manifest").documents[0].value


def settings(folder: Path, release: str, mode: str) -> InjectionSettings:
    """The settings of a recorded installation."""
    revision = "canary" if folder.name == "revision" else "default"
    return settings_from(
        read(folder / "values.json"),
        read(folder / "mesh.yaml"),
        release=release,
        revision=revision,
        sidecar_mode=mode,
        compat=True,
    )


def differing(real: Any, workload: Any, chosen: InjectionSettings) -> list[Any]:
    """Where our injection of a workload differs from the real one."""
    result = inject(workload, chosen)
    refused = [problem.message for problem in result.problems if problem.severity == "error"]
    return refused or list(differences(comparable(real), comparable(result.value)))


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("installation", INSTALLATIONS)
@pytest.mark.parametrize("release", RELEASES)
def test_every_recorded_answer(recorded: Path, release: str, installation: str, mode: str) -> None:
    """Ours is equal, list order included; what the real tool refuses is refused."""
    folder = recorded / "inject"
    chosen = settings(folder / "configs" / release / installation, release, mode)
    answers = sorted((folder / "expected" / release / f"{installation}-{mode}").iterdir())
    assert len(answers) in (30, 171)
    wrong = {}
    for answer in answers:
        workload = read(folder / "cases" / f"{answer.stem}.yaml")
        if answer.suffix == ".error":
            refused = any(problem.severity == "error" for problem in inject(workload, chosen).problems)
            found = [] if refused else ["not refused"]
        else:
            found = differing(read(answer), workload, chosen)
        if found:
            wrong[answer.name] = found
    assert wrong == {}


def version(program: str) -> str:
    """The release of an istioctl."""
    told = subprocess.run(
        [program, "version", "--remote=false"], capture_output=True, text=True, check=True, timeout=60
    )
    found = re.search(r"\d+\.\d+\.\d+", told.stdout)
    assert found, told.stdout
    return found[0]


def injector(program: str, folder: Path) -> Path:
    """The injector's configuration of an istioctl's own charts, without a cluster."""
    rendered = subprocess.run(
        [program, "manifest", "generate", "--set", "profile=default"],
        capture_output=True,
        check=True,
        timeout=120,
    )
    for document in parse("manifest", rendered.stdout, "manifest").documents:
        value = document.value
        named = isinstance(value, dict) and value.get("metadata", {}).get("name") == "istio-sidecar-injector"
        if named and value["kind"] == "ConfigMap":
            (folder / "inject.yaml").write_text(value["data"]["config"])
            (folder / "values.json").write_text(value["data"]["values"])
            (folder / "mesh.yaml").write_text("defaultConfig: {discoveryAddress: 'istiod.istio-system.svc:15012'}\n")
            return folder
    raise AssertionError("the charts hold no injector configuration")


@pytest.mark.skipif(not PROGRAMS, reason="no istioctl is named by SAILWRIGHT_ISTIOCTL_1_30 and the like")
@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("line", sorted(PROGRAMS))
def test_live(recorded: Path, tmp_path: Path, line: str, mode: str) -> None:
    """Every workload through a real istioctl of that line, with its own charts."""
    program = PROGRAMS[line]
    release = version(program)
    assert parse_release(release).line == line
    folder = injector(program, tmp_path)
    chosen = settings(folder, release, mode)
    command = [
        program, "kube-inject", "--revision", "default", "--injectConfigFile", str(folder / "inject.yaml"),
        "--meshConfigFile", str(folder / "mesh.yaml"), "--valuesFile", str(folder / "values.json"), "-f",
    ]  # fmt: skip
    environment = {**os.environ, "ENABLE_NATIVE_SIDECARS": str(mode == "native").lower()}
    wrong = {}
    for case in sorted((recorded / "inject" / "cases").glob("*.yaml")):
        run = subprocess.run([*command, str(case)], capture_output=True, env=environment, timeout=60)
        workload = read(case)
        if run.returncode:
            refused = any(problem.severity == "error" for problem in inject(workload, chosen).problems)
            found = [] if refused else ["not refused"]
        else:
            found = differing(parse(case.name, run.stdout, "manifest").documents[0].value, workload, chosen)
        if found:
            wrong[case.name] = found
    assert wrong == {}
