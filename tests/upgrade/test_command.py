"""`sailwright upgrade-check`: what a new minor changes per service, from today's release on, in each environment."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.build.shop import Shop

from sailwright.cli import main

PROJECT = """\
apiVersion: sailwright/v1alpha1
kubernetes: {version: "1.33"}
istio:
  version: 1.29.6
  controlPlanes: {default: 1.29.6}
  sidecarMode: native
environments:
  staging: {istio: {version: 1.30.3, controlPlanes: {default: 1.30.3}}}
  prod: {}
namespaces: {shop: {labels: {istio-injection: disabled}}}
manifests: [{paths: ["k8s/*.yaml"], environments: [prod]}]
"""
BUDGET = "trafficPolicy: {retryBudget: {minRetryConcurrency: 3}}\n"
EDGE = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: edge, namespace: edge}
spec:
  template:
    spec:
      containers: [{name: edge, image: "registry.istio.io/release/proxyv2:1.29.6"}]
"""


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    made = Shop(tmp_path, PROJECT)
    made.write("services/cart/service.yaml", (tmp_path / "services/cart/service.yaml").read_text() + BUDGET)
    return made


def report(shop: Shop, capsys: pytest.CaptureFixture[str], *arguments: str, status: int = 0) -> dict[str, Any]:
    """The report as data."""
    assert main(["upgrade-check", "--project", str(shop.root), "--format", "json", *arguments]) == status
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def changes(document: dict[str, Any], service: str) -> dict[str, dict[str, Any]]:
    """The changes of one service by ID."""
    owner: dict[str, Any] = next((each for each in document["services"] if each["service"] == service), {"changes": []})
    return {each["id"]: each for each in owner["changes"]}


def test_a_change_is_told_at_the_line_that_it_concerns(shop: Shop, capsys: pytest.CaptureFixture[str]) -> None:
    document = report(shop, capsys, "--to", "1.30")
    assert document["from"] == [{"release": "1.29.6", "environments": ["prod"]}]
    found = changes(document, "shop/cart")["retry-budget-percent"]
    assert found["kind"] == "default"
    assert found["environments"] == ["prod"]
    assert [Path(place["file"]).name for place in found["locations"]] == ["service.yaml"]
    assert found["source"].startswith("https://istio.io/latest/news/releases/1.30.x/")
    assert document["untouched"] == []


def test_sidecars_that_would_be_too_far_behind_are_errors(shop: Shop, capsys: pytest.CaptureFixture[str]) -> None:
    document = report(shop, capsys, "--to", "1.31", status=1)
    for service in ("shop/cart", "shop/search"):
        found = changes(document, service)["proxy-version-skew"]
        assert found["severity"] == "error"
        assert found["environments"] == ["prod"]
    assert report(shop, capsys, "--to", "1.31", "--env", "staging")["mesh"]
    assert main(["upgrade-check", "--project", str(shop.root), "--to", "1.31", "--fail-on", "never"]) == 0


def test_the_sidecars_of_both_releases_are_compared(shop: Shop, capsys: pytest.CaptureFixture[str]) -> None:
    """What is told is what the next build changes in the pod templates."""
    document = report(shop, capsys, "--to", "1.30", "--env", "prod")
    (cart,) = (each for each in document["services"] if each["service"] == "shop/cart")
    (sidecar,) = cart["sidecars"]
    assert (sidecar["from"], sidecar["to"], sidecar["by"]) == ("1.29.6", "1.30.3", "build")
    assert (
        "istio-proxy.image docker.io/istio/proxyv2:1.29.6 -> registry.istio.io/release/proxyv2:1.30.3"
        in (sidecar["differences"])
    )
    assert shop.build() == 0
    before = shop.rendered()
    shop.write("sailwright.yaml", PROJECT.replace("version: 1.29.6", "version: 1.30.3"))
    assert shop.build() == 0
    name = next(path for path in before if path.startswith("prod/") and path.endswith("cart.yaml"))
    after = shop.rendered()[name].splitlines()
    added = [line for line in after if line not in before[name].splitlines()]
    assert len(set(added)) == len({line.rpartition(" -> ")[2] for line in sidecar["differences"]})


def test_findings_of_the_new_release_alone_are_told(shop: Shop, capsys: pytest.CaptureFixture[str]) -> None:
    """Kubernetes 1.31 is supported by Istio 1.29 and not by 1.30: lint says so only of the latter."""
    shop.write("sailwright.yaml", PROJECT.replace('"1.33"', '"1.31"'))
    mesh = {each["id"]: each for each in report(shop, capsys, "--to", "1.30")["mesh"]}
    assert mesh["kubernetes-version-unsupported"]["kind"] == "finding"
    shop.write("sailwright.yaml", PROJECT)
    assert "kubernetes-version-unsupported" not in {each["id"] for each in report(shop, capsys, "--to", "1.30")["mesh"]}


def test_pods_that_the_new_injector_refuses_are_errors(shop: Shop, capsys: pytest.CaptureFixture[str]) -> None:
    text = (shop.root / "services/search/service.yaml").read_text()
    shop.write(
        "services/search/service.yaml",
        text.replace('search:1"}', 'search:1", annotations: {traffic.sidecar.istio.io/excludeInterfaces: "a b"}}'),
    )
    document = report(shop, capsys, "--to", "1.30", status=1)
    found = changes(document, "shop/search")["injection-refused"]
    assert found["kind"] == "refused"
    assert "injection-refused" not in changes(document, "shop/cart")


def test_objects_of_hand_written_files_are_named_by_themselves(shop: Shop, capsys: pytest.CaptureFixture[str]) -> None:
    shop.write("k8s/edge.yaml", EDGE)
    document = report(shop, capsys, "--to", "1.31", status=1)
    found = changes(document, "Deployment edge/edge")["google-registries-retired"]
    assert found["environments"] == ["prod"]


def test_sidecars_from_a_retired_registry_are_told_once_for_all(shop: Shop, capsys: pytest.CaptureFixture[str]) -> None:
    """Istio 1.30 takes its images from registry.istio.io, which publishes none from 1.31 on."""
    found = changes(report(shop, capsys, "--to", "1.31", "--env", "staging"), "shop/cart")["google-registries-retired"]
    assert found["severity"] == "warning"
    assert "registry.istio.io/release/proxyv2:1.30.3" in found["message"]
    main(["upgrade-check", "--project", str(shop.root), "--to", "1.31", "--env", "staging"])
    out = capsys.readouterr().out
    assert out.count("google-registries-retired") == 1
    assert "\nshop/cart, shop/search\n" in out


def test_a_release_that_runs_already_changes_nothing(shop: Shop, capsys: pytest.CaptureFixture[str]) -> None:
    for older in ("1.28", "1.29"):
        document = report(shop, capsys, "--to", older)
        assert (document["from"], document["services"], document["mesh"]) == ([], [], [])
    assert main(["upgrade-check", "--project", str(shop.root), "--to", "1.29"]) == 0
    assert "nothing to upgrade" in capsys.readouterr().out


def test_a_newer_minor_is_unverified(shop: Shop, capsys: pytest.CaptureFixture[str]) -> None:
    """Its published fields are known, its sidecars are not."""
    document = report(shop, capsys, "--to", "1.32", status=1)
    assert document["unverified"]
    assert all(not each["sidecars"] for each in document["services"])
    assert changes(document, "shop/cart")["proxy-version-skew"]["severity"] == "error"
    main(["upgrade-check", "--project", str(shop.root), "--to", "1.32"])
    assert "istio-minor-unverified" in capsys.readouterr().out


@pytest.mark.parametrize("to", ["1.20", "2.0", "newest"])
def test_a_release_that_is_none_is_an_error(shop: Shop, to: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["upgrade-check", "--project", str(shop.root), "--to", to]) == 2
    assert capsys.readouterr().err


def test_manifests_need_no_project_but_the_release_that_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "edge.yaml").write_text(EDGE)
    assert main(["upgrade-check", "edge.yaml", "--to", "1.31"]) == 2
    assert "--from" in capsys.readouterr().err
    assert main(["upgrade-check", "edge.yaml", "--from", "1.30", "--to", "1.31", "--fail-on", "warning"]) == 1
    assert "Deployment edge/edge  (edge.yaml)" in capsys.readouterr().out


def test_nothing_is_written(shop: Shop) -> None:
    before = {path: path.read_bytes() for path in shop.root.rglob("*") if path.is_file()}
    main(["upgrade-check", "--project", str(shop.root), "--to", "1.31"])
    assert {path: path.read_bytes() for path in shop.root.rglob("*") if path.is_file()} == before
