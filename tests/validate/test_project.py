"""In a project: what is rendered and what is hand-written, by each cluster's versions, at the lines of its author."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from sailwright.cli import main
from sailwright.diagnostics.finding import Finding
from sailwright.source.manifest import Manifest
from sailwright.validate.run import Settings, validate_each

PROJECT = """\
apiVersion: sailwright/v1alpha1
istio: {version: 1.31.0, sidecarMode: native}
environments:
  staging: {kubernetes: {version: "1.25"}}
  prod: {kubernetes: {version: "1.34"}}
manifests:
  - paths: ["k8s/*.yaml"]
validate: {backend: builtin, schemas: ["crds/*.yaml"]}
"""

SERVICE = """\
apiVersion: sailwright/v1alpha1
name: cart
namespace: shop
ports:
  - {name: http, port: 8080, appProtocol: http}
versions:
  - {name: v1, image: "registry.example.com/cart:1"}
patches:
  - target: {kind: Deployment}
    patch:
      spec:
        replicaz: 2
mesh: {inject: none}
"""

GATEWAY = """\
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: public, namespace: shop}
spec:
  servers:
    - port: {number: 80, name: http, protocol: HTTP}
      hosts: [short]
"""


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with a service whose patch is wrong, and a hand-written Gateway that is, too."""
    for path, text in {
        "sailwright.yaml": PROJECT,
        "services/cart/service.yaml": SERVICE,
        "k8s/gateway.yaml": GATEWAY,
    }.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, list[dict[str, Any]]]:
    """The exit status and the findings of `validate`."""
    status = main(["validate", "--format", "json", *arguments])
    return status, json.loads(capsys.readouterr().out)["findings"]


def told(findings: list[dict[str, Any]]) -> dict[str, str]:
    """File to message."""
    return {each["location"]["file"]: each["message"] for each in findings}


def test_rendered_and_hand_written_objects_are_judged(capsys: pytest.CaptureFixture[str]) -> None:
    """Once for all environments that agree; what is rendered points at the service file and shows where it would stand."""
    status, findings = run(capsys)
    assert status == 1
    assert told(findings) == {
        "services/cart/service.yaml": "there is no field `replicaz`",
        "k8s/gateway.yaml": "a short name does not do: write the full host",
    }
    for finding in findings:
        assert finding["environments"] == ["staging", "prod"]
    (rendered,) = (finding for finding in findings if finding["location"]["file"].startswith("services"))
    assert rendered["location"]["line"] in (9, 12)
    assert rendered["rendered"]["path"] == "/spec/replicaz"


def test_paths_narrow_what_is_reported(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """And a file that is not the project's is judged as it is."""
    assert list(told(run(capsys, "k8s")[1])) == ["k8s/gateway.yaml"]
    (project / "other.yaml").write_text(GATEWAY.replace("short", "a.b").replace("HTTP", "WAT"))
    assert list(told(run(capsys, "other.yaml")[1])) == ["other.yaml"]


def test_each_environment_has_its_kubernetes(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A field that only one of them knows is told for the other, and a flag replaces them all."""
    (project / "services/cart/service.yaml").write_text(SERVICE.partition("patches:")[0] + "mesh: {inject: none}\n")
    (project / "k8s/gateway.yaml").write_text(
        "apiVersion: v1\nkind: Pod\nmetadata: {name: a, namespace: shop}\n"
        "spec: {containers: [{name: a, image: a}], initContainers: [{name: b, image: b, restartPolicy: Always}]}\n"
    )
    _, findings = run(capsys)
    assert [(each["message"], each["environments"]) for each in findings] == [
        ("there is no field `restartPolicy`", ["staging"])
    ]
    assert run(capsys, "--kubernetes-version", "1.30")[1] == []
    assert run(capsys, "--env", "prod")[1] == []


def test_listed_definitions_count(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`validate.schemas` names CustomResourceDefinitions; a file of another kind there is told."""
    (project / "services/cart/service.yaml").write_text(SERVICE.partition("patches:")[0] + "mesh: {inject: none}\n")
    (project / "k8s/gateway.yaml").write_text(
        "apiVersion: example.com/v1\nkind: Thing\nmetadata: {name: a, namespace: shop}\nspec: {sizes: 1}\n"
    )
    assert [each["rule"] for each in run(capsys)[1]] == ["schema-missing"]
    (project / "crds").mkdir()
    (project / "crds/thing.yaml").write_text(
        "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: things.example.com}\n"
        "spec:\n  group: example.com\n  names: {kind: Thing, plural: things}\n  scope: Namespaced\n  versions:\n"
        "    - {name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object, properties: "
        "{spec: {type: object, properties: {size: {type: integer}}}}}}}\n"
    )
    for _ in range(2):  # the second time from the cache
        (finding,) = run(capsys)[1]
        assert (finding["message"], finding["help"]) == ("there is no field `sizes`", "did you mean `size`?")
    (project / "crds/other.yaml").write_text("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n")
    assert "crds/other.yaml" in told(run(capsys)[1])


def test_build_writes_nothing_that_would_be_refused(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The error stands at the line that caused it; once it is gone, the build goes through."""
    assert main(["build", "--format", "json"]) == 1
    (finding,) = json.loads(capsys.readouterr().out)["findings"]
    assert finding["message"] == "there is no field `replicaz`"
    assert finding["location"]["file"] == "services/cart/service.yaml"
    assert not (project / "rendered").exists()
    (project / "services/cart/service.yaml").write_text(SERVICE.replace("replicaz", "replicas"))
    assert main(["build"]) == 0


def test_the_project_says_what_is_suppressed_and_what_fails(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`lint.ignore`, `lint.locked` and `lint.failOn` hold for validate as for lint."""
    (project / "services/cart/service.yaml").write_text(SERVICE.partition("patches:")[0] + "mesh: {inject: none}\n")
    ignore = "lint:\n  ignore:\n    - {rule: gateway-refused, path: 'k8s/**', reason: an old cluster}\n"
    (project / "sailwright.yaml").write_text(PROJECT + ignore)
    assert run(capsys) == (0, [])
    comment = GATEWAY.replace("hosts: [short]", "hosts: [short]  # sailwright: ignore[gateway-refused] why")
    (project / "k8s/gateway.yaml").write_text(comment)
    (project / "sailwright.yaml").write_text(PROJECT)
    assert run(capsys) == (0, [])
    (project / "sailwright.yaml").write_text(PROJECT + "lint: {locked: [gateway-refused]}\n")
    assert run(capsys)[0] == 1
    (project / "k8s/gateway.yaml").write_text(
        "apiVersion: example.com/v1\nkind: Thing\nmetadata: {name: a, namespace: shop}\n"
    )
    assert run(capsys)[0] == 0  # a warning
    (project / "sailwright.yaml").write_text(PROJECT + "lint: {failOn: warning}\n")
    assert run(capsys)[0] == 1


def test_a_file_from_elsewhere_does_not_compile_the_project(
    project: Path, tmp_path_factory: pytest.TempPathFactory, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its settings count, its services are not read."""
    other = tmp_path_factory.mktemp("other") / "gateway.yaml"
    other.write_text(GATEWAY)
    (project / "services/cart/service.yaml").write_text("nonsense: [")
    status, findings = run(capsys, str(other))
    assert (status, [each["rule"] for each in findings]) == (1, ["gateway-refused"])


def test_environments_with_the_same_versions_are_judged_together(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """kubeconform starts once for them."""
    runs: list[Settings] = []

    def counted(objects: Sequence[Manifest], settings: Settings) -> tuple[tuple[Finding, ...], ...]:
        runs.append(settings)
        return validate_each(objects, settings)

    monkeypatch.setattr("sailwright.commands.validate.worlds.validate_each", counted)
    (project / "sailwright.yaml").write_text(PROJECT.replace('"1.25"', '"1.34"') + "  # alike\n")
    _, alike = run(capsys)
    assert len(runs) == 1
    (project / "sailwright.yaml").write_text(PROJECT)
    _, different = run(capsys)
    assert len(runs) == 3
    assert told(alike) == told(different)
