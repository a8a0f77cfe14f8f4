"""Files without a project: what kustomization.yaml, Argo CD and Flux say is applied together, and what are alternatives."""

from __future__ import annotations

import json
import stat
from pathlib import Path
from typing import Any

import pytest

from sailwright.cli import main
from sailwright.source.files.files import collect
from sailwright.workspace.applied_together import Unit, units

RULE = """\
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: cart, namespace: shop}
spec:
  host: cart.shop.svc.cluster.local
  subsets: [{name: SUBSET, labels: {version: SUBSET}}]
"""
ROUTE = """\
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: cart, namespace: shop}
spec:
  hosts: [cart.shop.svc.cluster.local]
  http: [{route: [{destination: {host: cart.shop.svc.cluster.local, subset: SUBSET}}]}]
"""
SERVICE = """\
apiVersion: v1
kind: Service
metadata: {name: cart}
spec: {selector: {app: cart}, ports: [{name: http, port: 80}]}
"""


def _write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def _units(folder: Path) -> dict[str, Unit]:
    return {Path(each.folder).name: each for each in units(collect((str(folder),)).sources)}


def _report(capsys: pytest.CaptureFixture[str], *argv: str) -> dict[str, Any]:
    main([*argv, "--format", "json"])
    report: dict[str, Any] = json.loads(capsys.readouterr().out)
    return report


def _found(report: dict[str, Any]) -> list[tuple[str, str]]:
    return [(each["location"]["file"], each["rule"]) for each in report["findings"] if each["severity"] == "error"]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder, entered."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_each_root_takes_its_base_with_what_it_sets(folder: Path) -> None:
    _write(folder, {"base/kustomization.yaml": "resources: [cart.yaml]\n", "base/cart.yaml": SERVICE})
    for name in ("dev", "prod"):
        _write(folder, {f"{name}/kustomization.yaml": f"resources: [../base]\nnamespace: shop-{name}\n"})
    found = _units(folder)
    assert {name: each.manifests[-1].namespace for name, each in found.items()} == {
        "dev": "shop-dev",
        "prod": "shop-prod",
    }


def test_a_component_changes_what_its_root_takes(folder: Path) -> None:
    component = "kind: Component\nlabels: [{pairs: {team: a}, includeSelectors: true}]\n"
    _write(
        folder,
        {
            "part/kustomization.yaml": component,
            "root/kustomization.yaml": "resources: [cart.yaml]\ncomponents: [../part]\n",
            "root/cart.yaml": SERVICE,
        },
    )
    assert _units(folder)["root"].manifests[-1].spec["selector"] == {"app": "cart", "team": "a"}


def test_kustomizations_that_take_each_other_end(folder: Path) -> None:
    _write(
        folder,
        {
            "top/kustomization.yaml": "resources: [../a]\n",
            "a/kustomization.yaml": "resources: [../b, cart.yaml]\n",
            "a/cart.yaml": SERVICE,
            "b/kustomization.yaml": "resources: [../a]\n",
        },
    )
    assert "top" in _units(folder)


ARGO = """\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: NAME, namespace: argocd}
spec: {source: {path: apps/cart}, destination: {namespace: NAME}}
"""
FLUX = """\
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: NAME, namespace: flux-system}
spec: {path: ./apps/cart, targetNamespace: NAME}
"""


@pytest.mark.parametrize("given", [ARGO, FLUX], ids=["Argo CD", "Flux"])
def test_a_path_gives_its_objects_a_namespace(folder: Path, given: str) -> None:
    _write(folder, {"apps/cart/cart.yaml": SERVICE, "clusters/a.yaml": given.replace("NAME", "shop")})
    assert _units(folder)["cart"].manifests[0].namespace == "shop"


@pytest.mark.parametrize("given", [ARGO, FLUX], ids=["Argo CD", "Flux"])
def test_a_folder_that_is_deployed_twice_is_two_units(folder: Path, given: str) -> None:
    deployments = {f"c/{name}.yaml": given.replace("NAME", name) for name in ("a", "b")}
    _write(folder, {"apps/cart/cart.yaml": SERVICE, **deployments})
    found = units(collect((str(folder),)).sources)
    assert [each.manifests[0].namespace for each in found if each.folder.endswith("cart")] == ["a", "b"]


@pytest.mark.parametrize(
    ("image", "expected"),
    [
        ({"name": "example.com:5000/cart", "newTag": "v2"}, "example.com:5000/cart:v2"),
        ({"name": "example.com:5000/cart", "digest": "sha256:0"}, "example.com:5000/cart@sha256:0"),
        ({"name": "example.com:5000/cart", "newName": "example.com/c"}, "example.com/c:v1"),
        ({"name": "other", "newTag": "v2"}, "example.com:5000/cart:v1"),
    ],
)
def test_images_are_replaced_by_name(folder: Path, image: dict[str, str], expected: str) -> None:
    pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{name: a, image: 'example.com:5000/cart:v1'}]}\n"
    _write(
        folder,
        {"root/kustomization.yaml": json.dumps({"resources": ["a.yaml"], "images": [image]}), "root/a.yaml": pod},
    )
    assert _units(folder)["root"].manifests[0].spec["containers"][0]["image"] == expected


def test_what_is_set_leaves_the_files_objects_alone(folder: Path) -> None:
    deployment = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a}\nspec: {template: {spec: {}}}\n"
    sets = {
        "resources": ["a.yaml"],
        "namespace": "b",
        "commonLabels": {"c": "d"},
        "replicas": [{"name": "a", "count": 3}],
    }
    _write(folder, {"root/kustomization.yaml": json.dumps(sets), "root/a.yaml": deployment})
    sources = collect((str(folder),)).sources
    changed = units(sources)[0].manifests[0].value
    assert next(each for each in sources if each.path.endswith("a.yaml")).documents[0].value["metadata"] == {
        "name": "a"
    }
    assert changed["spec"]["template"]["metadata"]["labels"] == {"c": "d"}
    assert changed["spec"]["replicas"] == 3
    assert changed["metadata"]["namespace"] == "b"


@pytest.mark.parametrize(
    "line",
    [
        "patches: [{path: part.yaml}]",
        "patchesStrategicMerge: [part.yaml]",
        "patchesJson6902: [{target: {kind: Gateway}, path: part.yaml}]",
        "replacements: [{path: part.yaml}]",
        "configMapGenerator: [{name: a, files: [key=part.yaml]}]",
    ],
)
@pytest.mark.parametrize("command", ["lint", "validate"])
def test_parts_are_no_objects(folder: Path, line: str, command: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Named one by one, as a hook names them, or met in a folder."""
    part = "apiVersion: networking.istio.io/v1\nkind: Gateway\nmetadata: {name: a}\nspec: {selector: {a: b}}\n"
    _write(folder, {"kustomization.yaml": f"{line}\n", "part.yaml": part})
    for argv in (("part.yaml",), (".",)):
        report = _report(capsys, command, *argv, "--allow-empty")
        assert "part.yaml" in {each["file"] for each in report["summary"]["skipped"]}
        assert _found(report) == []
    _write(folder, {"kustomization.yaml": f"{line}\nresources: [part.yaml]\n"})
    assert _found(_report(capsys, command, "part.yaml")) != []


def test_alternatives_are_checked_apart(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The subset of one is not that of the other; what each routes to is held to its own."""
    for name, defined, used in (("dev", "v1", "v1"), ("prod", "v2", "v1")):
        _write(
            folder,
            {f"{name}/rule.yaml": RULE.replace("SUBSET", defined), f"{name}/route.yaml": ROUTE.replace("SUBSET", used)},
        )
    assert _found(_report(capsys, "lint", ".")) == [("prod/route.yaml", "destination-subset-unknown")]
    main(["lint", "."])
    assert "checked apart" in capsys.readouterr().err
    assert main(["lint", ".", "--explain-worlds"]) == 0
    assert capsys.readouterr().out.splitlines()[:3] == ["dev (folder)", "prod (folder)", ""]


def test_what_is_no_alternative_is_one_mesh(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _write(folder, {"a/rule.yaml": RULE.replace("SUBSET", "v2"), "b/route.yaml": ROUTE.replace("SUBSET", "v1")})
    assert _found(_report(capsys, "lint", ".")) == [("b/route.yaml", "destination-subset-unknown")]
    main(["lint", "."])
    assert "checked apart" not in capsys.readouterr().err


def test_an_object_without_a_namespace_may_be_the_one(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing is absent that may be put there at the apply; with --namespace it is known where it is."""
    rule = RULE.replace("SUBSET", "v1").replace(", namespace: shop", "").replace(".shop.svc.cluster.local", "")
    service = SERVICE.replace("{name: cart}", "{name: cart, namespace: shop}")
    _write(folder, {"in.yaml": f"{service}---\n{rule}---\n{ROUTE.replace('SUBSET', 'v1')}"})
    assert _found(_report(capsys, "lint", "in.yaml")) == []
    assert _found(_report(capsys, "lint", "in.yaml", "--namespace", "shop")) == []
    elsewhere = _found(_report(capsys, "lint", "in.yaml", "--namespace", "other"))
    assert elsewhere == [("in.yaml", "destination-subset-unknown")]


def _program(folder: Path, name: str, text: str) -> None:
    path = folder / name
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)


@pytest.mark.parametrize("command", ["lint", "validate"])
def test_what_kustomize_prints_is_checked(
    folder: Path, command: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _write(folder, {"prod/kustomization.yaml": "resources: []\n", "bin/text": "kind: X\n"})
    monkeypatch.setenv("PATH", f"{folder / 'bin'}:/usr/bin:/bin")
    _program(folder / "bin", "kustomize", "cat <<'END'\napiVersion: v1\nkind: Servise\nmetadata: {name: a}\nEND")
    found = _found(_report(capsys, command, "--kustomize", "prod"))
    assert found == [("<kustomize prod>", "kind-unknown")]


def test_a_program_that_is_not_there_or_fails_is_named(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _write(folder, {"prod/kustomization.yaml": "resources: []\n", "chart/Chart.yaml": "name: a\n", "bin/text": ""})
    monkeypatch.setenv("PATH", str(folder / "bin"))
    assert main(["lint", "--kustomize", "prod"]) == 3
    assert "neither is there" in capsys.readouterr().err
    assert main(["lint", "--helm", "chart"]) == 3
    assert "needs `helm` on PATH" in capsys.readouterr().err
    assert main(["lint", "--helm", "prod"]) == 2
    assert "no Chart.yaml" in capsys.readouterr().err
    _program(folder / "bin", "helm", "echo 'no such value' >&2; exit 1")
    assert main(["lint", "--helm", "chart"]) == 3
    assert "helm template release chart: no such value" in capsys.readouterr().err
    assert main(["lint", "--helm", "chart", "in.yaml"]) == 2
    assert main(["lint", "--values", "a.yaml"]) == 2


@pytest.mark.parametrize(
    "argv", [("lint", "."), ("route", ".", "--url", "http://cart.shop/", "--from", "shop"), ("test", ".")]
)
def test_one_note_says_that_folders_are_checked_apart(
    folder: Path, argv: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    """On standard error, once; not where everything is one mesh."""
    service = SERVICE.replace("{name: cart}", "{name: cart, namespace: shop}")
    _write(folder, {"dev/cart.yaml": service, "prod/cart.yaml": service})
    main([*argv])
    told = capsys.readouterr()
    assert (told.err.count("checked apart"), told.out.count("checked apart")) == (1, 0)
    (folder / "dev/cart.yaml").unlink()
    main([*argv])
    assert "checked apart" not in capsys.readouterr().err
