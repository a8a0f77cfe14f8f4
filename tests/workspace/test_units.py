"""What a repository without a project file says about what is applied together, seen from the commands."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from sailwright.cli import main
from sailwright.source.files.files import collect
from sailwright.workspace.applied_together import Unit, units

SERVICE = "apiVersion: v1\nkind: Service\nmetadata: {name: cart}\nspec: {ports: [{name: http, port: 80}]}\n"
RULE = """\
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: cart}
spec: {host: cart, subsets: [{name: "SUBSET", labels: {version: "SUBSET"}}]}
"""
ROUTE = """\
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: cart}
spec: {hosts: [cart], http: [{route: [{destination: {host: cart, subset: "SUBSET"}}]}]}
"""
WEB = SERVICE.replace("cart", "web")
SAID = ("", "# what a sailwright.yaml would say:", "apiVersion: sailwright/v1alpha1")
FLUX = """\
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: apps, namespace: flux-system}
spec: {path: ./apps, targetNamespace: shop, REST}
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


def _units() -> list[Unit]:
    return list(units(collect((".",)).sources))


def _report(capsys: pytest.CaptureFixture[str], *argv: str) -> dict[str, Any]:
    main([*argv, "--format", "json"])
    report: dict[str, Any] = json.loads(capsys.readouterr().out)
    return report


def _errors(report: dict[str, Any]) -> list[tuple[str, int, str]]:
    return [
        (each["location"]["file"], each["location"]["line"], each["rule"])
        for each in report["findings"]
        if each["severity"] == "error"
    ]


def test_files_of_one_folder_that_hold_one_object_are_alternatives(capsys: pytest.CaptureFixture[str]) -> None:
    """Each is checked with what is in the folder beside them; two versions of one rule are no contradiction."""
    _write({f"demo/rule-{each}.yaml": RULE.replace("SUBSET", each) for each in ("v1", "v2")})
    _write({"demo/service.yaml": SERVICE, "demo/route.yaml": ROUTE.replace("SUBSET", "v3")})
    assert main(["lint", ".", "--explain-worlds"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "demo/rule-v1.yaml (file) with demo",
        "demo/rule-v2.yaml (file) with demo",
        "demo (folder)",
        *SAID,
        "environments:",
        "  rule-v1: {}",
        "  rule-v2: {}",
        "manifests:",
        '  - {environments: [rule-v1], paths: ["demo/rule-v1.yaml"]}',
        '  - {environments: [rule-v2], paths: ["demo/rule-v2.yaml"]}',
        '  - {paths: ["demo/route.yaml", "demo/service.yaml"]}',
    ]
    report = _report(capsys, "lint", ".")
    assert "object-defined-twice" not in {each["rule"] for each in report["findings"]}
    assert _errors(report) == [("demo/route.yaml", 4, "destination-subset-unknown")]


@pytest.mark.parametrize("command", ["lint", "validate", "route", "test"])
def test_every_command_explains_the_units(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    _write({f"{each}/cart.yaml": SERVICE for each in ("dev", "prod")})
    assert main([command, ".", "--explain-worlds"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "dev (folder)",
        "prod (folder)",
        *SAID,
        "environments:",
        "  dev: {}",
        "  prod: {}",
        "manifests:",
        '  - {environments: [dev], paths: ["dev/*"]}',
        '  - {environments: [prod], paths: ["prod/*"]}',
    ]


def test_the_project_file_that_is_printed_says_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    """Each application has a folder for each environment: two environments, and what lies beside is in both."""
    for name, subset in (("dev", "v1"), ("prod", "v2")):
        _write({f"apps/cart/{name}/rule.yaml": RULE.replace("SUBSET", subset), f"apps/web/{name}/web.yaml": WEB})
    _write({"shared/route.yaml": ROUTE.replace("SUBSET", "v3"), "shared/service.yaml": SERVICE})
    before = _errors(_report(capsys, "lint", "."))
    assert before == [("shared/route.yaml", 4, "destination-subset-unknown")]
    main(["lint", ".", "--explain-worlds"])
    said = capsys.readouterr().out.partition("would say:\n")[2]
    Path("sailwright.yaml").write_text(said)
    assert set(_errors(_report(capsys, "lint"))) == set(before)  # one in each environment, which names its own subset
    main(["lint", "--explain-worlds"])
    assert capsys.readouterr().out.splitlines() == ["dev", "prod"]


def test_route_says_that_alternatives_answer_apart(capsys: pytest.CaptureFixture[str]) -> None:
    for name, subset in (("dev", "v1"), ("prod", "v2")):
        _write({f"{name}/all.yaml": f"{SERVICE}---\n{RULE}---\n{ROUTE}".replace("SUBSET", subset)})
    assert main(["route", ".", "-n", "shop", "--from", "shop", "--url", "http://cart/"]) == 0
    assert "--explain-worlds prints how" in capsys.readouterr().err


def test_route_answers_for_each_alternative(capsys: pytest.CaptureFixture[str]) -> None:
    for name, subset in (("dev", "v1"), ("prod", "v2")):
        _write({f"{name}/all.yaml": f"{SERVICE}---\n{RULE}---\n{ROUTE}".replace("SUBSET", subset)})
    assert main(["route", ".", "-n", "shop", "--from", "shop", "--url", "http://cart/"]) == 0
    answer = capsys.readouterr().out
    assert answer.index("dev:") < answer.index("subset v1") < answer.index("prod:") < answer.index("subset v2")


def test_what_a_patch_sets_is_reported_in_the_patch(capsys: pytest.CaptureFixture[str]) -> None:
    patch = ROUTE.replace("spec:", "spec: {http: [{timeout: 5x, route: [{destination: {host: cart}}]}]}\n#")
    _write({"base/kustomization.yaml": "resources: [route.yaml]\n", "base/route.yaml": ROUTE.replace("SUBSET", "v1")})
    _write({"prod/kustomization.yaml": "resources: [../base]\npatches: [{path: p.yaml}]\n", "prod/p.yaml": patch})
    for command in ("lint", "validate"):
        assert ("prod/p.yaml", 4, "schema-violation") in _errors(_report(capsys, command, "."))
        assert ("prod/p.yaml", 4, "schema-violation") in _errors(_report(capsys, command, "prod"))


def test_a_base_is_checked_as_its_roots_make_it(capsys: pytest.CaptureFixture[str]) -> None:
    """A selector that the overlay adds is no field that the base lacks."""
    deployment = (
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a}\n"
        "spec: {template: {spec: {containers: [{name: a, image: 'a:v1'}]}}}\n"
    )
    _write({"base/kustomization.yaml": "resources: [a.yaml]\n", "base/a.yaml": deployment})
    assert _errors(_report(capsys, "validate", ".", "--backend", "builtin")) == [("base/a.yaml", 4, "schema-violation")]
    _write({"prod/kustomization.yaml": "resources: [../base]\ncommonLabels: {app: a}\n"})
    assert _errors(_report(capsys, "validate", ".", "--backend", "builtin")) == []


# -- Flux and Argo CD -----------------------------------------------------------------------------------------------


def test_flux_fills_in_what_is_declared() -> None:
    """Of `substitute` first, then of ConfigMaps in the repository; a default where nothing is declared; the rest stays."""
    values = "postBuild: {substitute: {sub: v2}, substituteFrom: [{kind: ConfigMap, name: vars}]}"
    config = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: vars}\ndata: {sub: v9, host: cart.example.com}\n"
    route = ROUTE.replace("SUBSET", "${sub:=v1}").replace("[cart]", '["${host}", "${other}", "${none:=a}.example.com"]')
    _write({"clusters/apps.yaml": FLUX.replace("REST", values), "clusters/vars.yaml": config, "apps/route.yaml": route})
    spec = next(each for each in _units() if each.by).manifests[0]
    assert spec.namespace == "shop"
    assert spec.spec["hosts"] == ["cart.example.com", "${other}", "a.example.com"]
    assert spec.spec["http"][0]["route"][0]["destination"]["subset"] == "v2"


def test_flux_takes_the_files_below_its_path_together() -> None:
    _write({"clusters/apps.yaml": FLUX.replace(", REST", ""), "apps/a/cart.yaml": SERVICE})
    _write({"apps/b/kustomization.yaml": "resources: [rule.yaml]\nnamePrefix: b-\n", "apps/b/rule.yaml": RULE})
    found = next(each for each in _units() if each.by)
    assert {(each.namespace, each.name) for each in found.manifests} == {("shop", "cart"), ("shop", "b-cart")}


def test_flux_patches_what_it_applies() -> None:
    patch = "patches: [{target: {kind: Service}, patch: '[{op: add, path: /spec/type, value: NodePort}]'}]"
    _write({"clusters/apps.yaml": FLUX.replace("REST", patch), "apps/cart.yaml": SERVICE})
    assert next(each for each in _units() if each.by).manifests[0].spec["type"] == "NodePort"


SET = """\
apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata: {name: all, namespace: argocd}
spec:
  generators: [GENERATOR]
  template:
    metadata: {name: "{{NAME}}"}
    spec: {source: {path: "{{PATH}}"}, destination: {namespace: "{{NAME}}"}}
"""


@pytest.mark.parametrize(
    ("generator", "path", "name"),
    [
        ("{list: {elements: [{at: apps/a, into: a}, {at: apps/b, into: b}]}}", "at", "into"),
        ("{git: {directories: [{path: apps/*}]}}", "path", "path.basename"),
        ("{git: {directories: [{path: apps/*}, {path: apps/c, exclude: true}]}}", " .path.path ", " .path.basename "),
    ],
    ids=["a list", "folders of git", "folders of git without one"],
)
def test_an_application_set_names_its_folders(generator: str, path: str, name: str) -> None:
    text = SET.replace("GENERATOR", generator).replace("PATH", path).replace("NAME", name)
    _write({"argo/set.yaml": text, "apps/a/cart.yaml": SERVICE, "apps/b/cart.yaml": SERVICE})
    assert [each.manifests[0].namespace for each in _units() if each.by] == ["a", "b"]


def test_alternatives_go_with_what_the_same_cluster_deploys() -> None:
    from sailwright.mesh.facts import Facts
    from sailwright.workspace.alternatives import grouped

    for cluster in ("one", "two"):
        for app in ("edge", "apps"):
            text = FLUX.replace("{name: apps,", f"{{name: {app},").replace("./apps", f"./{app}")
            text = text.replace("REST", f"postBuild: {{substitute: {{sub: {cluster}}}}}")
            _write({f"clusters/{cluster}/{app}.yaml": text})
    _write({"edge/rule.yaml": RULE.replace("SUBSET", "${sub}"), "apps/route.yaml": ROUTE.replace("SUBSET", "${sub}")})
    for world in grouped(_units(), Facts()).worlds:
        rules = [each.spec["subsets"][0]["name"] for each in world.manifests if each.kind == "DestinationRule"]
        routes = [
            each.spec["http"][0]["route"][0]["destination"]["subset"]
            for each in world.manifests
            if each.kind == "VirtualService"
        ]
        assert rules == routes


# -- namespaces and parts -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", ["lint", "validate"])
def test_a_namespace_is_where_objects_go_that_name_none(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    _write({"in.yaml": ROUTE.replace("http: [", "timeout: 5x, http: [")})
    found = _report(capsys, command, "in.yaml", "--namespace", "shop")["findings"]
    assert {each["object"]["namespace"] for each in found if each["severity"] == "error"} == {"shop"}


@pytest.mark.parametrize("command", ["lint", "validate"])
def test_a_patch_that_is_no_yaml_is_reported(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    """kustomize could not read it either; a patch by itself is nothing that is missing."""
    _write({"kustomization.yaml": "resources: []\npatches: [{path: p.yaml}]\n", "p.yaml": "spec: [1\n"})
    assert [each[::2] for each in _errors(_report(capsys, command, "p.yaml"))] == [("p.yaml", "yaml-syntax")]
    _write({"p.yaml": "apiVersion: v1\nkind: Service\nmetadata: {name: cart}\n"})
    assert main([command, "p.yaml"]) == 0


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("${sub}", "v2"),
        ("${sub:=v1}", "v2"),
        ("${sub:-v1}", "v2"),
        ("${sub^^}", "V2"),
        ("${none:=v1}", "v1"),
        ("${none:-v1}", "v1"),
        ("${none}", "${none}"),
        ("$${sub}", "$${sub}"),
        ("a-${sub}-b", "a-v2-b"),
    ],
)
def test_the_forms_of_a_variable(written: str, expected: str) -> None:
    _write({"clusters/apps.yaml": FLUX.replace("REST", "postBuild: {substitute: {sub: v2}}")})
    _write({"apps/route.yaml": ROUTE.replace("SUBSET", written)})
    spec = next(each for each in _units() if each.by).manifests[0].spec
    assert spec["http"][0]["route"][0]["destination"]["subset"] == expected
