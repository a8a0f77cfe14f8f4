"""`--kustomize DIR` and `--helm CHART`: what the programs make is checked, and findings are where the author wrote the field."""

from __future__ import annotations

import json
import shutil
import stat
from pathlib import Path

import pytest

from sailwright.cli import main

needs_kustomize = pytest.mark.skipif(
    shutil.which("kubectl") is None and shutil.which("kustomize") is None, reason="no kustomize and no kubectl on PATH"
)

BASE = {
    "base/kustomization.yaml": "resources: [rule.yaml, route.yaml]\n",
    "base/rule.yaml": """\
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: cart}
spec:
  host: cart
  subsets: [{name: v1, labels: {version: v1}}]
""",
    "base/route.yaml": """\
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: cart}
spec:
  hosts: [cart]
  http:
    - route: [{destination: {host: cart, subset: v1}}]
""",
}
PATCH = """\
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: cart}
spec:
  http:
    - timeout: 3s
      route:
        - destination: {host: cart, subset: v2}
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder, entered."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def _write(files: dict[str, str]) -> None:
    for name, text in files.items():
        path = Path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def _places(capsys: pytest.CaptureFixture[str], *argv: str) -> list[tuple[str, int, str]]:
    main([*argv, "--format", "json"])
    found = json.loads(capsys.readouterr().out)["findings"]
    return [(each["location"]["file"], each["location"]["line"], each["rule"]) for each in found]


CASES = {
    "a field of the base": (
        {"prod/kustomization.yaml": "resources: [../base]\nnamespace: shop\n",
         "base/route.yaml": BASE["base/route.yaml"].replace("subset: v1", "subset: v2")},
        ("base/route.yaml", 7, "destination-subset-unknown"),
    ),
    "a field of a patch": (
        {"prod/kustomization.yaml": "resources: [../base]\npatches: [{path: route-patch.yaml}]\n",
         "prod/route-patch.yaml": PATCH},
        ("prod/route-patch.yaml", 8, "destination-subset-unknown"),
    ),
    "a field of a patch in the kustomization": (
        {"prod/kustomization.yaml": (
            "resources: [../base]\npatches:\n  - target: {kind: VirtualService, name: cart}\n    patch: |-\n"
            "      - op: replace\n        path: /spec/http/0/route/0/destination/subset\n        value: v3\n")},
        ("prod/kustomization.yaml", 7, "destination-subset-unknown"),
    ),
    "a field of a component": (
        {"prod/kustomization.yaml": "resources: [../base]\ncomponents: [../canary]\n",
         "canary/kustomization.yaml":
            "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\npatches: [{path: p.yaml}]\n",
         "canary/p.yaml": PATCH},
        ("canary/p.yaml", 8, "destination-subset-unknown"),
    ),
    "an object under another name": (
        {"prod/kustomization.yaml": "resources: [../base]\nnameSuffix: -eu\n",
         "base/route.yaml": BASE["base/route.yaml"].replace("subset: v1", "subset: v2")},
        ("base/route.yaml", 7, "destination-subset-unknown"),
    ),
}  # fmt: skip


@needs_kustomize
@pytest.mark.parametrize("case", CASES)
def test_findings_are_where_the_author_wrote(case: str, capsys: pytest.CaptureFixture[str]) -> None:
    files, wanted = CASES[case]
    _write(BASE | files)
    assert _places(capsys, "lint", "--kustomize", "prod", "--select", "destination-subset-unknown") == [wanted]


@needs_kustomize
def test_lint_over_the_folder_says_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    _write(
        BASE | {"prod/kustomization.yaml": "resources: [../base]\npatches: [{path: p.yaml}]\n", "prod/p.yaml": PATCH}
    )
    assert _places(capsys, "lint", "--kustomize", "prod") == _places(capsys, "lint", ".")


@needs_kustomize
def test_a_sound_build_is_silent(capsys: pytest.CaptureFixture[str]) -> None:
    _write(BASE | {"prod/kustomization.yaml": "resources: [../base]\nnamespace: shop\n"})
    assert _places(capsys, "lint", "--kustomize", "prod") == []
    assert _places(capsys, "validate", "--kustomize", "prod") == []


@needs_kustomize
def test_validate_is_where_the_author_wrote(capsys: pytest.CaptureFixture[str]) -> None:
    wrong = {"prod/p.yaml": PATCH.replace("timeout: 3s", "timeout: [3s]")}
    _write(BASE | {"prod/kustomization.yaml": "resources: [../base]\npatches: [{path: p.yaml}]\n"} | wrong)
    found = _places(capsys, "validate", "--kustomize", "prod")
    assert [each[:2] for each in found] == [("prod/p.yaml", 6)]


@needs_kustomize
def test_a_component_is_built_as_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    """No kustomization can list one among its resources, so the text that is printed has the place."""
    kind = "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\n"
    route = BASE["base/route.yaml"].replace("subset: v1", "subset: v2") + "---\n" + BASE["base/rule.yaml"]
    _write({"part/kustomization.yaml": f"{kind}resources: [all.yaml]\n", "part/all.yaml": route})
    found = _places(capsys, "lint", "--kustomize", "part", "--select", "destination-subset-unknown")
    assert [each[0] for each in found] == ["<kustomize part>"]


HELM = """\
echo '---
# Source: shop/templates/rule.yaml
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: cart}
spec:
  host: cart
  subsets: [{name: v1, labels: {version: v1}}]
---
# Source: shop/charts/routes/templates/route.yaml
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: cart}
spec:
  hosts: [cart]
  http:
    - route: [{destination: {host: cart, SUBSET}}]
'"""


@pytest.mark.parametrize(("written", "line"), [("subset: v2", 8), ("subset: {{ .Values.subset }}", 1)])
def test_a_finding_about_a_chart_names_the_template(
    folder: Path, written: str, line: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The place is in what is printed; the template's own line where it has the same one, else the template."""
    template = "{{ if .Values.on }}\n" + BASE["base/route.yaml"].replace("subset: v1", written) + "{{ end }}\n"
    _write({"shop/Chart.yaml": "name: shop\n", "shop/charts/routes/templates/route.yaml": template})
    _write({"bin/helm": f"#!/bin/sh\n{HELM.replace('SUBSET', 'subset: v2')}\n"})
    path = folder / "bin/helm"
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{folder / 'bin'}:/usr/bin:/bin")
    main(["lint", "--helm", "shop", "--select", "destination-subset-unknown", "--format", "json"])
    (found,) = json.loads(capsys.readouterr().out)["findings"]
    assert (found["location"]["file"], found["location"]["line"]) == ("<helm shop>", 17)
    (place,) = [each["location"] for each in found["related"] if "template" in each["message"]]
    assert (place["file"], place["line"]) == ("shop/charts/routes/templates/route.yaml", line)
