"""`sailwright lint` inside a project: the whole of it is context, PATHS narrow what is reported."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from sailwright.cli import main

PROJECT = """\
apiVersion: sailwright/v1alpha1
istio: {version: 1.31.0, sidecarMode: native}
environments: {staging: {}, prod: {}}
manifests: [{paths: ["k8s/**"]}]
"""
SERVICE = """\
apiVersion: sailwright/v1alpha1
name: %s
namespace: shop
ports: [{name: http, port: 80, appProtocol: http}]
versions:
  - {name: v1, image: "registry.example/%s:1.0.0", weight: 100}
  - {name: v2, image: "registry.example/%s:latest", weight: 0}
environments:
  prod: {versions: [{name: v2, image: "registry.example/prod:2.0.0"}]}
"""
TWICE = """\
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: extra, namespace: shop}
spec:
  hosts: [extra.example]
  http:
    - route:
        - {destination: {host: cart}, weight: 50}
        - {destination: {host: cart}, weight: 50}
"""
RULES = ("--select", "route-destination-twice,image-tag-latest")


@dataclass(frozen=True)
class Result:
    """What a command gave; `found` holds file, line, rule and environments of each finding."""

    status: int
    document: dict[str, Any]
    err: str

    @property
    def found(self) -> list[tuple[str, int, str, list[str]]]:
        return [
            (each["location"]["file"], each["location"]["line"], each["rule"], each["environments"])
            for each in self.document["findings"]
        ]


Lint = Callable[..., Result]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two services and a hand-written VirtualService, in a git repository with one commit."""
    files = {
        "sailwright.yaml": PROJECT,
        "services/cart/service.yaml": SERVICE % ("cart", "cart", "cart"),
        "services/pay/service.yaml": SERVICE % ("pay", "pay", "pay"),
        "k8s/extra.yaml": TWICE,
    }
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    monkeypatch.chdir(tmp_path)
    for command in (["init", "-q", "-b", "main"], ["add", "-A"], ["commit", "-q", "-m", "start"]):
        subprocess.run(["git", "-c", "user.name=t", "-c", "user.email=t@example.com", *command], check=True)
    return tmp_path


@pytest.fixture
def lint(project: Path, capfd: pytest.CaptureFixture[str]) -> Lint:
    """Run `sailwright lint` with two rules."""

    def run(*arguments: str) -> Result:
        status = main(["lint", *RULES, "--format", "json", *arguments])
        out, err = capfd.readouterr()
        return Result(status, json.loads(out) if out else {}, err)

    return run


CART = ("services/cart/service.yaml", 7, "image-tag-latest", ["staging"])
PAY = ("services/pay/service.yaml", 7, "image-tag-latest", ["staging"])
EXTRA = ("k8s/extra.yaml", 9, "route-destination-twice", ["staging", "prod"])


def test_whole_project_is_judged_at_the_lines_of_its_authors(lint: Lint) -> None:
    """Rendered faults point at service.yaml; a fault of several environments is told once and names them."""
    result = lint()
    assert result.found == [EXTRA, CART, PAY]
    cart = result.document["findings"][1]
    assert cart["path"] == "/versions/1/image"
    assert cart["rendered"]["file"] == "rendered/staging/shop/cart.yaml"
    assert cart["rendered"]["line"] > 100
    assert result.document["summary"]["files"] == 4


def test_remedies_speak_of_what_the_author_writes(lint: Lint, project: Path) -> None:
    """In a service.yaml, its fields; annotations and labels of the pods are ours there."""
    (project / "sailwright.yaml").write_text(PROJECT + "namespaces: {shop: {labels: {istio-injection: enabled}}}\n")
    file = project / "services" / "cart" / "service.yaml"
    file.write_text(
        file.read_text() + "mesh: {inject: build, sidecar: {resources: {requests: {cpu: 100m}, limits: {cpu: 1}}}}\n"
    )
    found = lint("--select", "sidecar-annotations-partial,double-injection", "services/cart").document["findings"]
    helps = {each["rule"]: each["help"] for each in found}
    assert "mesh.inject: webhook" in helps["double-injection"]
    assert helps["sidecar-annotations-partial"] == (
        "set mesh.sidecar.resources.requests.memory, mesh.sidecar.resources.limits.memory too"
    )


def test_paths_narrow_what_is_reported(lint: Lint) -> None:
    """A file, a folder, the project file."""
    assert lint("services/cart").found == [CART]
    assert lint("k8s/extra.yaml", "services/pay/service.yaml").found == [EXTRA, PAY]
    assert lint("sailwright.yaml").found == []


def test_fault_of_a_companion_is_told_once(lint: Lint, project: Path) -> None:
    """Whether the project is judged or the folder, and whatever number of environments take it."""
    (project / "services/pay/extra.yaml").write_text("a: [")
    with (project / "services/pay/service.yaml").open("a") as file:
        file.write("include: [extra.yaml]\n")
    for paths in ((), ("services/pay",)):
        found = [each[2] for each in lint(*paths).found if each[0] == "services/pay/extra.yaml"]
        assert found == ["yaml-syntax"]


def test_environment_narrows_the_worlds(lint: Lint) -> None:
    """And an unknown one is refused."""
    assert lint("--env", "prod").found == [(*EXTRA[:3], ["prod"])]
    assert lint("--env", "prd").status == 2


def test_names_are_as_the_user_sees_them(lint: Lint, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """From a folder below, and from outside with --project."""
    monkeypatch.chdir(project / "services")
    assert lint("cart").found == [("cart/service.yaml", *CART[1:])]
    monkeypatch.chdir(project.parent)
    assert lint("--project", project.name).found[0] == (f"{project.name}/k8s/extra.yaml", *EXTRA[1:])


def test_file_that_the_project_does_not_name_stands_beside_it(lint: Lint, project: Path) -> None:
    """It is judged in every world, and nothing of the context is reported with it."""
    (project / "new.yaml").write_text(TWICE.replace("name: extra", "name: new"))
    assert lint("new.yaml").found == [("new.yaml", *EXTRA[1:])]


def test_rendered_file_is_judged_where_it_is_named(lint: Lint, project: Path) -> None:
    """As a plain manifest of its environment; in a folder above it is counted as skipped."""
    rendered = project / "rendered" / "staging" / "shop" / "extra.yaml"
    rendered.parent.mkdir(parents=True)
    rendered.write_text(TWICE)
    name = "rendered/staging/shop/extra.yaml"
    assert lint(name).found == [(name, 9, "route-destination-twice", ["staging"])]
    result = lint(".")
    assert result.found == [EXTRA, CART, PAY]
    assert result.document["summary"]["skipped"] == [
        {"file": "rendered", "reason": "1 rendered file: checked where it comes from"}
    ]


def test_service_file_that_no_pattern_names_is_skipped_with_the_reason(lint: Lint, project: Path) -> None:
    """It would not be built either."""
    (project / "draft.yaml").write_text(SERVICE % ("draft", "draft", "draft"))
    result = lint("draft.yaml", "--allow-empty")
    assert result.found == []
    assert result.document["summary"]["skipped"][0]["file"] == "draft.yaml"


def test_standard_input_takes_the_place_of_a_file(lint: Lint, monkeypatch: pytest.MonkeyPatch) -> None:
    """An editor's buffer of a service file, judged in the project."""
    text = (SERVICE % ("cart", "cart", "cart")).replace(":latest", ":2.0.0")
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
    assert lint("-", "--stdin-filename", "services/cart/service.yaml").found == []
    assert lint("-").status == 2


def test_standard_input_may_be_a_file_that_is_not_there_yet(lint: Lint, monkeypatch: pytest.MonkeyPatch) -> None:
    """A new file, inside the project or not, is judged beside it."""
    for name in ("k9s/new.yaml", "../elsewhere.yaml"):
        text = TWICE.replace("name: extra", "name: new")
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
        assert lint("-", "--stdin-filename", name).found == [(name, *EXTRA[1:])]


def test_broken_project_file_is_told_and_ends_with_2(lint: Lint, project: Path) -> None:
    """Its findings are in the report; nothing else could be judged."""
    (project / "sailwright.yaml").write_text(PROJECT + "servces: []\n")
    result = lint()
    assert result.status == 2
    assert [(file, line) for file, line, *_ in result.found] == [("sailwright.yaml", 5)]


def test_compat_reads_no_project(lint: Lint) -> None:
    """As `istioctl analyze` would: files alone."""
    result = lint("--compat", "istioctl", "k8s/extra.yaml")
    assert all(environments == [] for *_, environments in result.found)


def test_project_sets_severity_and_what_fails(lint: Lint, project: Path) -> None:
    """The flag replaces the project's word."""
    block = "lint: {failOn: warning, rules: {route-destination-twice: info, image-tag-latest: warning}}\n"
    (project / "sailwright.yaml").write_text(PROJECT + block)
    assert lint("k8s").status == 0
    assert lint("services").status == 1
    assert lint("services", "--fail-on", "error").status == 0


def test_misspelt_rule_in_the_project_is_a_finding(lint: Lint, project: Path) -> None:
    """At its line, with a near name."""
    (project / "sailwright.yaml").write_text(PROJECT + "lint:\n  rules:\n    image-tag-lates: off\n")
    assert ("sailwright.yaml", 7, "lint-setting", []) in lint().found


def test_project_ignores_by_path_and_answers_for_it(lint: Lint, project: Path) -> None:
    """An entry that matches nothing is reported where all files are judged, and only there."""
    entry = "    - {rule: %s, path: 'k8s/**', reason: vendored}\n"
    ignore = "lint:\n  ignore:\n" + entry % "route-destination-twice" + entry % "image-tag-latest"
    (project / "sailwright.yaml").write_text(PROJECT + ignore)
    assert lint().found == [("sailwright.yaml", 8, "suppression-unused", []), CART, PAY]
    assert lint("k8s").found == []


def test_settings_of_a_trusted_commit_count(lint: Lint, project: Path) -> None:
    """A change cannot switch off what judges it; that it tries is shown."""
    (project / "sailwright.yaml").write_text(PROJECT + "lint:\n  rules:\n    image-tag-latest: off\n")
    silenced = main(["lint", "services/cart", "--format", "json=after.json"])
    assert silenced == 0
    result = lint("--config-ref", "main")
    assert CART in result.found
    assert ("sailwright.yaml", 7, "gate-changed", []) in result.found
    assert lint("--config-ref", "nowhere").status == 2


def test_baseline_of_a_trusted_commit_counts(lint: Lint, project: Path) -> None:
    """An entry that the change adds hides nothing."""
    assert lint("--baseline", "known.json", "--update-baseline").status == 0
    assert lint("--baseline", "known.json").found == []
    result = lint("--baseline", "known.json", "--config-ref", "main")
    assert [found for found in result.found if found[2] != "gate-changed"] == [EXTRA, CART, PAY]
    assert ("known.json", 1, "gate-changed", []) in result.found


def test_report_does_not_depend_on_the_number_of_processes(
    lint: Lint, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rendering and rules are shared out; what a service includes keeps its own place."""
    (project / "services" / "cart" / "extra.yaml").write_text(TWICE.replace("name: extra", "name: included"))
    text = (SERVICE % ("cart", "cart", "cart")) + "include: [extra.yaml]\n"
    (project / "services" / "cart" / "service.yaml").write_text(text)
    monkeypatch.setattr("sailwright.workspace.parallel.WORTH_A_FORK", 0)
    monkeypatch.setattr("sailwright.lint.parallel.WORTH_A_FORK", 0)
    alone, together = lint("--select", "all", "-j", "1"), lint("--select", "all", "-j", "3")
    assert alone.document == together.document
    assert ("services/cart/extra.yaml", 9, "route-destination-twice", ["staging", "prod"]) in alone.found
    assert CART in alone.found
    (project / "services" / "pay" / "service.yaml").write_text((SERVICE % ("pay", "pay", "pay")) + "portz: []\n")
    broken = lint("-j", "3")
    assert broken.document == lint("-j", "1").document
    assert ("services/pay/service.yaml", 10, "service-schema", []) in broken.found
