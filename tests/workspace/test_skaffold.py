"""What skaffold.yaml deploys is one unit, and the tags of the images that it builds are not missing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sailwright.cli import main
from sailwright.source.files.files import collect
from sailwright.workspace.applied_together import Unit, units

WORKLOAD = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: NAME, namespace: shop}
spec:
  selector: {matchLabels: {app: NAME}}
  template:
    metadata: {labels: {app: NAME}}
    spec: {containers: [{name: NAME, image: IMAGE}]}
"""
CART, OTHER = "registry.example.com:5000/cart", "registry.example.com/other"
BUILD = f"build: {{artifacts: [{{image: '{CART}'}}]}}\n"
HEAD = "apiVersion: skaffold/VERSION\nkind: Config\nmetadata: {name: shop}\n"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty repository, entered."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".git").mkdir()
    return tmp_path


def _write(skaffold: str, version: str = "v4beta11", **files: tuple[str, str]) -> None:
    Path("skaffold.yaml").write_text(HEAD.replace("VERSION", version) + skaffold)
    for name, (place, image) in files.items():
        path = Path(place, f"{name}.yaml")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(WORKLOAD.replace("NAME", name).replace("IMAGE", image))


def _deployed() -> list[Unit]:
    return [each for each in units(collect((".",)).sources) if each.what.startswith("Skaffold")]


def _untagged(capsys: pytest.CaptureFixture[str], *paths: str) -> set[str]:
    main(["lint", *paths, "--format", "json"])
    found = json.loads(capsys.readouterr().out)["findings"]
    return {each["location"]["file"] for each in found if each["rule"] == "image-tag-latest"}


@pytest.mark.parametrize(
    ("version", "named"),
    [
        ("v4beta11", "manifests: {rawYaml: ['k8s/*.yaml']}\n"),
        ("v4beta11", "manifests: {rawYaml: ['k8s/**/*.yaml']}\n"),
        ("v2beta29", "deploy: {kubectl: {manifests: ['k8s/cart.yaml', 'k8s/other.yaml']}}\n"),
        ("v2beta29", "deploy: {kubectl: {manifests: ['k8s']}}\n"),
        ("v4beta11", "deploy: {kubectl: {}}\n"),
        ("v1", ""),
    ],
)
def test_the_manifests_that_are_named_or_lie_where_skaffold_looks(
    version: str, named: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """An image that Skaffold builds gets its tag from the build; one that it does not build has none."""
    _write(BUILD + named, version, cart=("k8s", CART), other=("k8s", OTHER))
    assert [len(each.manifests) for each in _deployed()] == [2]
    assert _untagged(capsys, ".") == {"k8s/other.yaml"}
    assert _untagged(capsys, "k8s/cart.yaml") == set()


@pytest.mark.parametrize("key", ["manifests: {kustomize: {paths: [base]}}\n", "deploy: {kustomize: {paths: [base]}}\n"])
def test_kustomizations_are_built(key: str, capsys: pytest.CaptureFixture[str]) -> None:
    _write(BUILD + key, cart=("base", f"{CART}:latest"), other=("elsewhere", CART))
    Path("base/kustomization.yaml").write_text("resources: [cart.yaml]\nnamePrefix: test-\n")
    assert [[each.name for each in unit.manifests] for unit in _deployed()] == [["test-cart"]]
    assert _untagged(capsys, ".") == {"elsewhere/other.yaml"}


def test_the_kustomization_beside_skaffold_yaml_is_taken_without_a_path() -> None:
    _write("deploy: {kustomize: {}}\n", "v2beta29", cart=(".", CART))
    Path("kustomization.yaml").write_text("resources: [cart.yaml]\n")
    assert [[each.name for each in unit.manifests] for unit in _deployed()] == [["cart"]]


def test_modules_share_what_they_build(capsys: pytest.CaptureFixture[str]) -> None:
    _write(
        f"{BUILD}---\n{HEAD}manifests: {{rawYaml: [k8s/cart.yaml]}}\n".replace("VERSION", "v4beta11"),
        cart=("k8s", CART),
    )
    assert len(_deployed()) == 1
    assert _untagged(capsys, ".") == set()


@pytest.mark.parametrize(
    "text", ["build: 3\n", "manifests: [a]\n", "deploy: {kubectl: {manifests: [3, null]}}\n", "- x\n"]
)
def test_a_skaffold_file_that_is_none_takes_nothing(text: str) -> None:
    _write(text, cart=("apps", CART))
    assert _deployed() == []
