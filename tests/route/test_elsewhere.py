"""What sailwright.yaml says of the world outside: gateways that others run, and services that other environments have."""

import json
from pathlib import Path

import pytest

from sailwright.cli import main

PROJECT = """\
apiVersion: sailwright/v1alpha1
istio: {sidecarMode: native}
services: ["services/*.yaml"]
environments: {staging: {}, prod: {}}
known:
  gateways:
    - {name: istio-ingress/public, hosts: ["*.example.com"], port: 443, protocol: HTTPS}
    - {name: istio-ingress/public, hosts: ["*.example.com"], protocol: HTTP}
    - istio-ingress/private
"""
PAY = """\
apiVersion: sailwright/v1alpha1
name: pay
namespace: shop
ports: [{name: http, port: 80, appProtocol: http}]
versions: [{name: v1, image: "example.com/pay:1", weight: 80}, {name: v2, image: "example.com/pay:2", weight: 20}]
expose: {hosts: [pay.example.com], gateways: [istio-ingress/public]}
accessPolicy: {inbound: [{serviceAccount: istio-ingress/public}]}
"""
WEB = """\
apiVersion: sailwright/v1alpha1
name: web
namespace: shop
ports: [{name: http, port: 80, appProtocol: http}]
versions: [{name: v1, image: "example.com/web:1"}]
"""
NORTH = "tests: [{name: north, from: {gateway: istio-ingress/public}, expect: {weights: {v1: 80, v2: 20}}}]\n"


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with one service, entered."""
    monkeypatch.chdir(tmp_path)
    Path("services").mkdir()
    Path("sailwright.yaml").write_text(PROJECT)
    Path("services/pay.yaml").write_text(PAY + NORTH)
    return tmp_path


def answer(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, object]:
    """The one answer of `route`."""
    assert main(["route", "--format", "json", *arguments]) == 0
    (found,) = json.loads(capsys.readouterr().out)["answers"]
    assert isinstance(found, dict)
    return found


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("https://pay.example.com/", "route"),
        ("http://pay.example.com/", "route"),
        ("https://pay.example.org/", "blocked"),
        ("https://other.example.com/", "not found"),
    ],
)
def test_a_declared_gateway_answers_requests_from_outside(
    url: str, kind: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """By its hosts, ports and protocols; equal answers of the environments are one."""
    assert answer(capsys, "--gateway", "istio-ingress/public", "--url", url)["kind"] == kind


def test_a_plain_name_stays_valid_and_says_too_little(capsys: pytest.CaptureFixture[str]) -> None:
    """The failure shows how to say more."""
    assert main(["route", "--gateway", "istio-ingress/private", "--url", "https://pay.example.com/"]) == 2
    assert "write {name: istio-ingress/private, hosts: [...], port: 443, protocol: HTTPS}" in capsys.readouterr().err
    assert main(["test"]) == 0
    assert main(["lint", "--select", "gateway-unknown"]) == 0


def test_a_service_of_another_environment_is_absent_here(capsys: pytest.CaptureFixture[str]) -> None:
    """An error at the route and at `outbound`; `route` says why the name leads nowhere."""
    Path("services/pay.yaml").write_text(PAY + "environments: {prod: {enabled: false}}\n")
    routes = "routes: [{name: pay, match: [{uri: {prefix: /pay}}], to: [{host: pay, weight: 100}]}]\n"
    Path("services/web.yaml").write_text(WEB + routes + "accessPolicy: {outbound: [{service: shop/pay}]}\n")
    rules = "destination-host-unknown,sidecar-egress-host-unknown"
    assert main(["lint", "--select", rules, "--format", "json"]) == 1
    findings = json.loads(capsys.readouterr().out)["findings"]
    assert {(found["rule"], found["location"]["line"]) for found in findings} == {
        ("destination-host-unknown", 6),
        ("sidecar-egress-host-unknown", 7),
    }
    assert {(found["severity"], *found["environments"]) for found in findings} == {("error", "prod")}
    found = answer(capsys, "--env", "prod", "--from", "shop", "--url", "http://pay.shop/")
    assert found["kind"] == "passthrough"
    assert "in other environments or clusters, not here" in str(found["reason"])


def test_a_service_whose_file_has_an_error_is_not_called_absent(capsys: pytest.CaptureFixture[str]) -> None:
    """The error is reported at its line, and its callers are left alone."""
    Path("services/pay.yaml").write_text(PAY + "mesh: {inject: ambeint}\n")
    Path("services/web.yaml").write_text(WEB + "accessPolicy: {outbound: [{service: shop/pay}]}\n")
    assert main(["lint", "--format", "json"]) == 1
    findings = json.loads(capsys.readouterr().out)["findings"]
    assert [found["rule"] for found in findings if found["severity"] == "error"] == ["service-schema"]


def test_what_stands_in_for_it_there_is_no_error(capsys: pytest.CaptureFixture[str]) -> None:
    """A hand-written Service of that environment, or a declared host."""
    Path("services/pay.yaml").write_text(PAY + "environments: {prod: {enabled: false}}\n")
    routes = "routes: [{name: pay, match: [{uri: {prefix: /pay}}], to: [{host: pay, weight: 100}]}]\n"
    Path("services/web.yaml").write_text(WEB + routes)
    Path("sailwright.yaml").write_text(PROJECT + "  hosts: [pay.shop.svc.cluster.local]\n")
    assert main(["lint", "--select", "destination-host-unknown"]) == 0
    Path("pay.yaml").write_text(
        "apiVersion: v1\nkind: Service\nmetadata: {name: pay, namespace: shop}\nspec: {ports: [{name: http, port: 80}]}\n"
    )
    Path("sailwright.yaml").write_text(PROJECT + "manifests: [{paths: [pay.yaml], environments: [prod]}]\n")
    assert main(["lint", "--select", "destination-host-unknown"]) == 0


@pytest.mark.parametrize(
    ("cluster", "found"), [("{prod: {clusters: {east: {enabled: false}}}}", 0), ("{prod: {enabled: false}}", 1)]
)
def test_a_service_of_another_cluster_of_the_environment_may_be_seen(cluster: str, found: int) -> None:
    """Clusters of one environment may be one mesh, whose callers reach the services of all; of others nothing is seen."""
    Path("sailwright.yaml").write_text(PROJECT.replace("prod: {}", "prod: {clusters: {east: {}, west: {}}}"))
    Path("services/pay.yaml").write_text(f"{PAY}environments: {cluster}\n")
    routes = "routes: [{name: pay, match: [{uri: {prefix: /pay}}], to: [{host: pay, weight: 100}]}]\n"
    Path("services/web.yaml").write_text(WEB + routes)
    assert main(["lint", "--select", "destination-host-unknown"]) == found
