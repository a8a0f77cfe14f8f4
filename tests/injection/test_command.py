"""`sailwright inject` as people and pipelines call it."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from sailwright.cli import main

DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: reviews, namespace: shop}
spec:
  selector: {matchLabels: {app: reviews}}
  template:
    metadata: {labels: {app: reviews}}
    spec:
      containers:
        - {name: reviews, image: "example.com/reviews:1"}
"""
SERVICE = "apiVersion: v1\nkind: Service\nmetadata: {name: reviews}\n"
BAD = DEPLOYMENT.replace("labels: {app: reviews}}", "annotations: {sidecar.istio.io/proxyCPU: lots}}")


@dataclass(frozen=True)
class Result:
    """What a command gave."""

    status: int
    out: str
    err: str


Inject = Callable[..., Result]


@pytest.fixture
def inject(capfd: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Inject:
    """Run `sailwright inject` in a folder with a few files, away from any project."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".git").mkdir()
    for name, text in (("reviews", DEPLOYMENT), ("service", SERVICE), ("bad", BAD), ("empty", "# nothing\n")):
        (tmp_path / f"{name}.yaml").write_text(text)

    def run(*arguments: str) -> Result:
        status = main(["inject", *arguments])
        return Result(status, *capfd.readouterr())

    return run


def sidecars(text: str) -> list[str]:
    """The images of the sidecars in a text, in order."""
    found = []
    for document in yaml.safe_load_all(text):
        spec = document.get("spec", {}).get("template", {}).get("spec", {})
        containers = [*spec.get("initContainers", []), *spec.get("containers", [])]
        found += [c["image"] for c in containers if c["name"] == "istio-proxy"]
    return found


def test_the_result_goes_to_standard_output(inject: Inject) -> None:
    result = inject("-f", "reviews.yaml", "--istio-version", "1.30.3", "--sidecar-mode", "native")
    assert result.status == 0
    assert sidecars(result.out) == ["registry.istio.io/release/proxyv2:1.30.3"]
    assert result.err == ""


def test_several_files_become_one_stream_in_their_order(inject: Inject) -> None:
    result = inject(
        "-f", "service.yaml", "-f", "reviews.yaml", "-f", "service.yaml", "-f", "reviews.yaml", "--compat", "istioctl"
    )
    documents = list(yaml.safe_load_all(result.out))
    assert [document["kind"] for document in documents] == ["Service", "Deployment", "Service", "Deployment"]
    assert documents[0] == yaml.safe_load(SERVICE)


def test_standard_input(inject: Inject, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(DEPLOYMENT.encode())))
    assert sidecars(inject("-f", "-", "--compat", "istioctl").out)


def test_a_folder(inject: Inject, tmp_path: Path) -> None:
    (tmp_path / "k8s").mkdir()
    (tmp_path / "k8s" / "a.yaml").write_text(DEPLOYMENT)
    assert len(sidecars(inject("-f", "k8s", "--compat", "istioctl").out)) == 1


def test_an_output_file_is_replaced_whole_or_not_at_all(inject: Inject, tmp_path: Path) -> None:
    out = tmp_path / "out.yaml"
    assert inject("-f", "reviews.yaml", "-o", str(out), "--compat", "istioctl") == Result(0, "", "")
    before = out.read_text()
    assert sidecars(before)
    assert inject("-f", "bad.yaml", "-o", str(out)).status == 1
    assert out.read_text() == before
    assert [path.name for path in tmp_path.iterdir() if "out" in path.name] == ["out.yaml"]


def test_nothing_is_printed_where_anything_is_refused(inject: Inject) -> None:
    result = inject("-f", "reviews.yaml", "-f", "bad.yaml", "--sidecar-mode", "native")
    assert (result.status, result.out) == (1, "")
    assert "bad.yaml:7:" in result.err
    assert "`sidecar.istio.io/proxyCPU`: a quantity like 100m or 128Mi is needed" in result.err
    assert "injection-refused" in result.err


@pytest.mark.parametrize("compat", [(), ("--compat", "istioctl")])
@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("a: [b", 1),
        ("a: 1\na: 2\n", 1),
        ("apiVersion: sailwright/v1alpha1\nname: x\n", 1),
        ("apiVersion: apps/v1\nkind: Deployment\n", 1),
        ("apiVersion: apps/v1\nkind: Deployment\nspec: {template: {spec: {containers: 7}}}\n", 1),
        ("\x00", 1),
        ("- 1\n", 0),
        ("just text", 0),
    ],
)
def test_bad_input_is_told_in_lines_and_never_as_a_traceback(
    inject: Inject, tmp_path: Path, text: str, status: int, compat: tuple[str, ...]
) -> None:
    (tmp_path / "odd.yaml").write_text(text)
    result = inject("-f", "odd.yaml", "--sidecar-mode", "native", *compat)
    assert result.status == status
    assert "Traceback" not in result.err
    assert bool(result.out) == (status == 0)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "name files with -f"),
        (("-f", "nowhere.yaml"), "nowhere.yaml: there is no such file"),
        (("-f", "empty.yaml"), "holds no documents"),
        (("-f", "reviews.yaml", "--istio-version", "1.23.1"), "the known release lines are 1.24, 1.25"),
        (("-f", "reviews.yaml", "--istio-version", "newest"), "`newest` is not an Istio release"),
        (("-f", "reviews.yaml", "--values-file", "nowhere.yaml"), "nowhere.yaml"),
        (("-f", "reviews.yaml", "--values-file", "list.yaml"), "list.yaml: one mapping is needed"),
        (("-f", "reviews.yaml", "--mesh-config-file", "broken.yaml"), "broken.yaml:2:"),
        (("-f", "reviews.yaml", "--mesh-config-file", "wrong.yaml"), "defaultConfig.concurrency: a number is needed"),
        (("-f", "reviews.yaml", "--sidecar-mode", "ambient"), "native"),
        (("-f", "reviews.yaml", "--project", "nowhere"), "sailwright.yaml"),
    ],
)
def test_usage_mistakes_leave_with_2(inject: Inject, tmp_path: Path, arguments: tuple[str, ...], words: str) -> None:
    (tmp_path / "list.yaml").write_text("- 1\n")
    (tmp_path / "broken.yaml").write_text("a: [\n")
    (tmp_path / "wrong.yaml").write_text("defaultConfig: {concurrency: many}\n")
    result = inject(*arguments)
    assert (result.status, result.out) == (2, "")
    assert words in result.err


def test_no_input_can_be_fine(inject: Inject) -> None:
    assert inject("-f", "empty.yaml", "--allow-empty", "--compat", "istioctl") == Result(0, "", "")


def test_the_namespace_flag_serves_objects_without_one(inject: Inject, tmp_path: Path) -> None:
    (tmp_path / "bare.yaml").write_text(DEPLOYMENT.replace(", namespace: shop", ""))
    unplaced = inject("-f", "bare.yaml", "--sidecar-mode", "native")
    assert (unplaced.status, unplaced.err) == (
        0,
        "namespace `default` is assumed for objects that name none: say --namespace\n",
    )
    assert "/namespaces/default/" in unplaced.out
    for flag in ("--namespace", "-n"):
        placed = inject("-f", "bare.yaml", "--sidecar-mode", "native", flag, "books")
        assert (placed.status, placed.err) == (0, "")
        assert "/namespaces/books/" in placed.out


def test_one_workload_of_the_system_does_not_stop_a_file(inject: Inject, tmp_path: Path) -> None:
    """What is never injected passes through, with a note, and the others are injected."""
    system = DEPLOYMENT.replace("namespace: shop", "namespace: kube-system")
    host = DEPLOYMENT.replace("      containers:", "      hostNetwork: true\n      containers:")
    assert host != DEPLOYMENT
    (tmp_path / "all.yaml").write_text(f"{system}---\n{host}---\n{DEPLOYMENT}")
    result = inject("-f", "all.yaml", "--sidecar-mode", "native")
    assert result.status == 0
    assert len(sidecars(result.out)) == 1
    assert result.err.count("injection-skipped") == 2


def test_what_was_guessed_is_told(inject: Inject) -> None:
    assert "say --sidecar-mode native" in inject("-f", "reviews.yaml").err
    assert (
        "istio-patch-unverified"
        in inject("-f", "reviews.yaml", "--istio-version", "1.30.99", "--compat", "istioctl").err
    )


def test_a_pod_that_is_left_alone_is_told_and_printed(inject: Inject, tmp_path: Path) -> None:
    (tmp_path / "host.yaml").write_text(DEPLOYMENT.replace("    spec:\n", "    spec:\n      hostNetwork: true\n"))
    result = inject("-f", "host.yaml", "--sidecar-mode", "native")
    assert result.status == 0
    assert yaml.safe_load(result.out)["spec"]["template"]["spec"]["hostNetwork"] is True
    assert "not injected: it uses the host's network" in result.err


PROJECT = """\
apiVersion: sailwright/v1alpha1
istio:
  version: 1.29.6
  sidecarMode: native
  clusterDomain: example
  values: {global: {hub: example.com/istio}}
namespaces:
  books: {istio: {version: 1.28.10}}
"""


def test_a_project_gives_the_settings(inject: Inject, tmp_path: Path) -> None:
    (tmp_path / "sailwright.yaml").write_text(PROJECT)
    books = DEPLOYMENT.replace("namespace: shop", "namespace: books")
    (tmp_path / "books.yaml").write_text(books)
    result = inject("-f", "reviews.yaml", "-f", "books.yaml")
    assert sidecars(result.out) == ["example.com/istio/proxyv2:1.29.6", "example.com/istio/proxyv2:1.28.10"]
    assert "$(POD_NAMESPACE).svc.example" in result.out
    assert result.err == ""
    (tmp_path / "list.yaml").write_text(
        '{"apiVersion": "v1", "kind": "List", "items": [' + json.dumps(yaml.safe_load(books)) + "]}"
    )
    assert "example.com/istio/proxyv2:1.28.10" in inject("-f", "list.yaml").out
    assert sidecars(inject("-f", "reviews.yaml", "--istio-version", "1.31.0").out) == [
        "example.com/istio/proxyv2:1.31.0"
    ]


@pytest.mark.parametrize(
    "flag", [("--compat", "istioctl"), ("--values-file", "values.yaml"), ("--mesh-config-file", "values.yaml")]
)
def test_files_and_compat_stand_in_for_the_project(inject: Inject, tmp_path: Path, flag: tuple[str, str]) -> None:
    (tmp_path / "sailwright.yaml").write_text(PROJECT)
    (tmp_path / "values.yaml").write_text("{}\n")
    assert sidecars(inject("-f", "reviews.yaml", "--sidecar-mode", "native", *flag).out) == [
        "docker.io/istio/proxyv2:1.31.0"
    ]


def test_a_broken_project_is_told(inject: Inject, tmp_path: Path) -> None:
    (tmp_path / "sailwright.yaml").write_text("apiVersion: sailwright/v1alpha1\nnope: 1\n")
    result = inject("-f", "reviews.yaml")
    assert (result.status, result.out) == (2, "")
    assert "sailwright.yaml:2:" in result.err


def test_a_strict_project_refuses_unverified_patches(inject: Inject, tmp_path: Path) -> None:
    (tmp_path / "sailwright.yaml").write_text(PROJECT.replace("1.29.6", "1.29.99") + "")
    assert "istio-patch-unverified" in inject("-f", "reviews.yaml").err
    strict = PROJECT.replace("version: 1.29.6", "version: 1.29.99\n  strictPatch: true")
    (tmp_path / "sailwright.yaml").write_text(strict)
    result = inject("-f", "reviews.yaml")
    assert (result.status, result.out) == (2, "")
    assert "strictPatch" in result.err
