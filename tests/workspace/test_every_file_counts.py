"""The same PATHS mean the same thing to every command, and each file in them is checked or counted as skipped.

Every row is a file of one small repository. `checked` names the commands that look into it; all others that take PATHS count it as
skipped, with a reason.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from sailwright.cli import main

PROJECT = """\
apiVersion: sailwright/v1alpha1
services: ["services/*/service.yaml"]
istio: {version: 1.30.0, sidecarMode: native}
manifests: [{paths: ["k8s/*.yaml"]}]
"""
SERVICE = """\
apiVersion: sailwright/v1alpha1
name: NAME
namespace: shop
ports: [{name: http, port: 80, targetPort: 8080, appProtocol: http}]
defaults:
  resources: {requests: {cpu: 100m, memory: 64Mi}, limits: {memory: 64Mi}}
  readinessProbe: {httpGet: {path: /, port: http}}
versions: [{name: v1, image: "example.com/NAME:1"}]
tests: [{name: all to v1, expect: {version: v1}}]
"""
CONFIG_MAP = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: NAME, namespace: shop}\n"
BAD = """\
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: bad, namespace: shop}
spec:
  hostz: [cart]
"""
FILES = {
    "sailwright.yaml": PROJECT,
    "services/cart/service.yaml": SERVICE.replace("NAME", "cart") + "include: [extra.yaml]\n",
    "services/cart/extra.yaml": CONFIG_MAP.replace("NAME", "included"),
    "services/pay/services.yaml": SERVICE.replace("NAME", "pay"),
    "k8s/listed.yaml": CONFIG_MAP.replace("NAME", "listed"),
    "stray.yaml": CONFIG_MAP.replace("NAME", "stray"),
    "values.yaml": "replicas: 3\n",
    "kustomization.yaml": "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: [stray.yaml]\n",
    "package.json": '{"name": "shop"}\n',
    "broken.yaml": "a: [\n",
}
OBJECTS = {"lint", "validate", "check"}
"""The commands that check objects."""
CHECKED = {
    "sailwright.yaml": OBJECTS | {"test"},
    "services/cart/service.yaml": OBJECTS | {"test", "build"},
    "services/cart/extra.yaml": OBJECTS,
    "services/pay/services.yaml": {"test"},  # alone, as a mesh of its own
    "k8s/listed.yaml": OBJECTS,
    "stray.yaml": OBJECTS,
    "values.yaml": set[str](),
    "kustomization.yaml": set[str](),
    "package.json": set[str](),
    "broken.yaml": OBJECTS | {"test"},
}
COMMANDS = ("lint", "validate", "check", "test", "build")


@pytest.fixture(autouse=True)
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The repository, built and entered."""
    monkeypatch.chdir(tmp_path)
    for name, text in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    assert main(["build"]) == 0
    return tmp_path


def report(capsys: pytest.CaptureFixture[str], command: str, *paths: str) -> tuple[int, dict[str, Any]]:
    """Exit status and JSON of a command."""
    capsys.readouterr()
    check_only = ("--check",) if command == "build" else ()
    status = main([command, *paths, *check_only, "--format", "json", "--fail-on", "never"])
    document: dict[str, Any] = json.loads(capsys.readouterr().out)
    return status, document


def skipped(document: dict[str, Any]) -> dict[str, str]:
    """The reason for each skipped file."""
    return {each["file"]: each["reason"] for each in document["summary"]["skipped"]}


def test_the_table_names_every_file() -> None:
    assert CHECKED.keys() == FILES.keys()


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("name", FILES)
def test_a_file_is_checked_or_counted_as_skipped(command: str, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """One file in PATHS: never neither."""
    status, document = report(capsys, command, name)
    reasons = skipped(document)
    if command in CHECKED[name]:
        assert name not in reasons
        assert document["summary"]["files"] > 0
    else:
        assert reasons[name]
    assert status in (0, 2)
    assert (status == 2) is (document["summary"]["files"] == 0)


@pytest.mark.parametrize("command", COMMANDS)
def test_a_folder_accounts_for_all_that_is_in_it(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    """And for what was rendered, which is checked where it comes from."""
    _, document = report(capsys, command, ".")
    reasons = skipped(document)
    checks = (CHECKED | {"services/pay/services.yaml": set[str](), "sailwright.yaml": set(COMMANDS)}).items()
    assert reasons.keys() - {"rendered"} == {name for name, commands in checks if command not in commands}
    assert "rendered file" in reasons["rendered"]


@pytest.mark.parametrize("command", COMMANDS)
def test_a_misnamed_service_file_is_mentioned_without_paths(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing is built from it, so every run says so; also a build that has nothing to do."""
    for _ in range(2):
        _, document = report(capsys, command)
        assert "does not name" in skipped(document)["services/pay/services.yaml"]


@pytest.mark.parametrize("command", ["lint", "validate", "check"])
def test_a_stray_manifest_with_a_fault_fails_everywhere(
    command: str, repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The gate is never greener than its parts."""
    (repository / "stray.yaml").write_text(BAD)
    capsys.readouterr()
    assert main([command, "stray.yaml", "--format", "json"]) == 1
    found = json.loads(capsys.readouterr().out)["findings"]
    assert {(each["location"]["file"], each["location"]["line"]) for each in found} == {("stray.yaml", 5)}


def test_a_route_is_asked_of_the_project_where_its_files_are_named(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A listed manifest is the project's as a service file is; a stray one alone is a mesh of its own."""
    (repository / "stray.yaml").write_text(
        "apiVersion: v1\nkind: Service\nmetadata: {name: other, namespace: shop}\nspec: {ports: [{name: http, port: 80}]}\n"
    )

    def kind(host: str, *paths: str) -> str:
        capsys.readouterr()
        assert main(["route", *paths, "--from", "shop", "--url", f"http://{host}/", "--format", "json"]) == 0
        return str(json.loads(capsys.readouterr().out)["answers"][0]["kind"])

    assert kind("cart") == kind("cart", "services") == kind("cart", "k8s/listed.yaml") == "route"
    assert kind("other") == kind("cart", "stray.yaml") == "passthrough"
    assert kind("other", "stray.yaml") == kind("other", "k8s/listed.yaml", "stray.yaml") == "route"
