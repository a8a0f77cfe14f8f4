"""What another program renders first is a unit that is skipped, and --explain-worlds says why."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sailwright.cli import main

RELEASE = """\
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: NAME, namespace: shop}
spec: {chart: {spec: {chart: CHART, sourceRef: {kind: KIND, name: shop}}}}
"""


def test_charts_helmfiles_and_releases_are_named_with_their_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    files = {
        ".git/config": "",
        "charts/cart/Chart.yaml": "apiVersion: v2\nname: cart\nversion: 1.0.0\n",
        "charts/cart/values.yaml": "replicas: 2\n",
        "charts/cart/templates/cart.yaml": "kind: {{ .Values.kind }}\n",
        "helmfile.yaml": "releases:\n- name: {{ .Environment.Name }}\n",
        "flux/cart.yaml": RELEASE.replace("NAME", "cart")
        .replace("CHART", "./charts/cart")
        .replace("KIND", "GitRepository"),
        "flux/web.yaml": RELEASE.replace("NAME", "web").replace("CHART", "web").replace("KIND", "HelmRepository"),
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    assert main(["lint", ".", "--explain-worlds"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "flux (folder)",
        "charts/cart (Helm chart) skipped: lint what `helm template` prints, or use --helm charts/cart",
        "flux/cart.yaml (HelmRelease cart) skipped: lint what `helm template` prints, or use --helm charts/cart",
        "flux/web.yaml (HelmRelease web) skipped: its chart web is not here",
        "helmfile.yaml (helmfile) skipped: lint what `helmfile template` prints",
    ]
    main(["lint", ".", "--format", "json"])
    assert json.loads(capsys.readouterr().out)["findings"] == []


APPLICATIONS = """\
apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata: {name: all, namespace: argocd}
spec:
  generators: [GENERATOR]
  template:
    metadata: {name: NAME}
    spec:
      destination: {namespace: shop}
      source: {path: PATH}
"""
SERVICE = "apiVersion: v1\nkind: Service\nmetadata: {name: cart}\nspec: {ports: [{name: http, port: 80}]}\n"


@pytest.mark.parametrize(
    ("generator", "path"),
    [
        ("{git: {files: [{path: 'config/*.json'}]}}", "apps/{{ app.folder }}"),
        ("{git: {files: [{path: 'config/**/*.json'}]}}", "apps/{{.app.folder}}"),
        ("{git: {files: [{path: 'config/*.yaml'}]}}", "apps/{{ folder }}"),
        ("{git: {files: [{path: 'apps/*/cart.yaml'}]}}", "{{path}}"),
        ("{git: {files: [{path: 'apps/*/cart.yaml'}]}}", "apps/{{path[1]}}"),
        ("{git: {directories: [{path: 'apps/*'}]}}", "apps/{{path.basename}}"),
        ("{git: {directories: [{path: 'apps/*'}], values: {folder: '{{path.basename}}'}}}", "apps/{{values.folder}}"),
        ("{matrix: {generators: [{list: {elements: [{top: apps}]}}, {git: {directories: [{path: '{{top}}/*'}]}}]}}", "{{path}}"),
        ("{list: {elements: [{folder: dev}, {folder: live}]}}", "apps/{{folder}}"),
    ],
)  # fmt: skip
def test_the_applications_that_a_set_makes(
    generator: str,
    path: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """By lists, folders, files of parameters, and two of them crossed."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".git").mkdir()
    for each in ("dev", "live"):
        (tmp_path / "apps" / each).mkdir(parents=True)
        (tmp_path / "apps" / each / "cart.yaml").write_text(SERVICE)
        (tmp_path / "config").mkdir(exist_ok=True)
        (tmp_path / "config" / f"{each}.json").write_text(json.dumps({"app": {"folder": each, "n": None}}))
    (tmp_path / "config" / "all.yaml").write_text("- {folder: dev}\n- {folder: live}\n- 3\n")
    text = APPLICATIONS.replace("GENERATOR", generator).replace("PATH", json.dumps(path))
    (tmp_path / "set.yaml").write_text(text.replace("NAME", json.dumps("cart")))
    assert main(["lint", ".", "--explain-worlds"]) == 0
    lines = [line for line in capsys.readouterr().out.splitlines() if line.startswith("apps")]
    assert [line.partition(" (")[0] for line in lines] == ["apps/dev", "apps/live"]
    assert all("Argo CD Application cart of set.yaml" in line for line in lines)
