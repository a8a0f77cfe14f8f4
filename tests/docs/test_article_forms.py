"""Manifests in the form of the years in which the source article was written (tests/docs/article), and the facts that have changed since."""

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml

from sailwright.cli import main
from sailwright.mesh.values.releases import LINES

ROOT = Path(__file__).parent.parent.parent
SAMPLES = Path(__file__).parent / "article"
PAGE = " ".join((ROOT / "docs" / "article.md").read_text().split())


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with the samples in `k8s/`, and nothing else."""
    shutil.copytree(SAMPLES, tmp_path / "k8s")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def findings(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[tuple[str, str]]:
    """The rule and the severity of each finding."""
    capsys.readouterr()
    main([*arguments, "--format", "json"])
    return [(one["rule"], one["severity"]) for one in json.loads(capsys.readouterr().out)["findings"]]


def test_lint_reports_the_two_names_that_were_replaced(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`networking.istio.io/v1alpha3` is still served, and no finding."""
    assert findings(capsys, "lint", "k8s") == [
        ("load-balancer-least-conn", "warning"),
        ("outlier-consecutive-errors", "warning"),
    ]


def test_lint_fixes_what_means_the_same(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """LEAST_CONN has a new name. consecutiveErrors has two successors, and the author chooses."""
    main(["lint", "k8s", "--fix"])
    text = (folder / "k8s" / "routing.yaml").read_text()
    assert "simple: LEAST_REQUEST" in text
    assert "consecutiveErrors: 5" in text


def test_istio_accepts_them_with_one_warning(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ("validate", "k8s", "--backend", "builtin")
    assert main([*arguments]) == 0
    assert findings(capsys, *arguments) == [("destination-rule-doubtful", "warning")]


def sidecar(capsys: pytest.CaptureFixture[str], release: str) -> dict[str, Any]:
    """The `istio-proxy` of the first Deployment as that release injects it."""
    capsys.readouterr()
    command = ["inject", "-f", "k8s/nginx.yaml", "--sidecar-mode", "classic", "--istio-version", release]
    assert main(command) == 0
    objects = list(yaml.safe_load_all(capsys.readouterr().out))
    assert [item["kind"] for item in objects] == ["Service", "Deployment", "Deployment"]
    (container,) = (one for one in objects[1]["spec"]["template"]["spec"]["containers"] if one["name"] == "istio-proxy")
    return dict(container)


@pytest.mark.parametrize("release", [str(line.newest) for line in LINES])
def test_the_defaults_of_the_sidecar_are_those_that_the_page_names(
    release: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert sidecar(capsys, release)["resources"] == {
        "requests": {"cpu": "100m", "memory": "128Mi"},
        "limits": {"cpu": "2", "memory": "1Gi"},
    }
    assert "requests 100m CPU and 128Mi memory and may use 2 CPUs and 1Gi" in PAGE


@pytest.mark.parametrize(("kind", "suffix"), [("default", ""), ("debug", "-debug"), ("distroless", "-distroless")])
def test_the_tags_of_the_proxy_are_those_that_the_page_names(
    kind: str, suffix: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A release has its number as a tag, and two variants; an annotation chooses."""
    file = folder / "k8s" / "nginx.yaml"
    annotation = f"    metadata:\n      annotations: {{sidecar.istio.io/proxyImageType: {kind}}}\n      labels:"
    file.write_text(file.read_text().replace("    metadata:\n      labels:", annotation))
    assert sidecar(capsys, "1.30.3")["image"].endswith(f"/proxyv2:1.30.3{suffix}")
    assert f"`1.31.0{suffix}`" in PAGE


def test_init_drafts_a_service_that_renders_the_same(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The weights, the subsets, the route for staff and the fault are in the draft; building it finds nothing new."""
    assert main(["init", "--from", "k8s"]) == 0
    draft = yaml.safe_load((folder / "services" / "nginx" / "service.yaml").read_text())
    assert [(version["name"], version["weight"]) for version in draft["versions"]] == [("v1", 80), ("v2", 20)]
    assert draft["routes"][0]["match"] == [{"headers": {"x-user-group": {"exact": "staff"}}}]
    assert draft["routes"][1]["fault"]["delay"]["fixedDelay"] == "5s"
    assert main(["build"]) == 0
    assert {severity for _, severity in findings(capsys, "lint")} == {"warning"}


def test_the_page_says_what_changed() -> None:
    for fact in (
        "LEAST_CONN is the old name of LEAST_REQUEST",
        "`consecutive5xxErrors` and `consecutiveGatewayErrors` replaced `consecutiveErrors`",
        "may be one minor version older than its control plane, and must not be newer",
    ):
        assert fact in PAGE, fact
    assert not re.search(r"half a core", PAGE)
