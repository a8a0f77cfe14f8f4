"""The project's own Kubernetes Gateway: what is wrong with it stops the build, at its line in sailwright.yaml."""

from pathlib import Path

import pytest
import yaml

from sailwright.cli import main

PROJECT = """\
apiVersion: sailwright/v1alpha1
istio: {{version: 1.31.0, sidecarMode: native}}
routing: {{api: gateway}}
gateway:
  listeners:
    - {}
    - {}
"""
HTTP = '{name: http, hostname: "*.example.com", port: 80, protocol: HTTP}'
HTTPS = "{name: https, port: 443, protocol: HTTPS, tls: {certificateRefs: [{name: shop-tls}]}}"
SERVICE = """\
apiVersion: sailwright/v1alpha1
name: cart
namespace: NAMESPACE
ports: [{name: http, port: 80, appProtocol: http}]
versions: [{name: v1, image: "example.com/cart:1", weight: 60}, {name: v2, image: "example.com/cart:2", weight: 40}]
expose: {hosts: [cart.HOST], gateways: [istio-ingress/gateway]}
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    write(tmp_path, HTTP, HTTPS)
    return tmp_path


def write(folder: Path, *listeners: str, namespace: str = "shop", host: str = "example.com") -> None:
    """The project file with two listeners, and one service."""
    (folder / "sailwright.yaml").write_text(PROJECT.format(*listeners))
    service = folder / "services" / "cart" / "service.yaml"
    service.parent.mkdir(parents=True, exist_ok=True)
    service.write_text(SERVICE.replace("NAMESPACE", namespace).replace("HOST", host))


def test_it_is_written_and_listed_beside_the_services(project: Path) -> None:
    assert main(["build"]) == 0
    folder = project / "rendered" / "default" / "istio-ingress"
    assert yaml.safe_load((folder / "gateway.yaml").read_text())["kind"] == "Gateway"
    assert yaml.safe_load((folder / "kustomization.yaml").read_text())["resources"] == ["gateway.yaml"]
    assert main(["build", "--check"]) == 0
    assert main(["lint", "--fail-on", "info"]) == 0
    assert main(["validate"]) == 0


def test_a_clash_of_listeners_stops_the_build(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(project, HTTP, HTTP.replace("name: http", "name: web"))
    assert main(["build"]) == 1
    assert "sailwright.yaml:5:3: error" in capsys.readouterr().out
    assert not (project / "rendered").exists()


@pytest.mark.parametrize(
    ("second", "host", "rule", "place"),
    [
        (
            "{name: https, port: 443, protocol: HTTPS}",
            "example.com",
            "listener-certificate-missing",
            "sailwright.yaml:7:",
        ),
        (HTTPS.replace("443", "80"), "example.com", "listener-protocol-conflict", "sailwright.yaml:7:"),
        (
            HTTP.replace("name: http", "name: b").replace("*.", "b."),
            "shop.test",
            "route-hostname-unmatched",
            "service.yaml:6:",
        ),
    ],
)
def test_what_lint_finds_is_at_the_line_of_its_author(
    project: Path, capsys: pytest.CaptureFixture[str], second: str, host: str, rule: str, place: str
) -> None:
    write(project, HTTP, second, host=host)
    main(["lint", "--select", rule])
    found = capsys.readouterr().out
    assert f"[{rule}]" in found
    assert place in found


def test_a_service_cannot_have_the_name_of_its_file(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    service = project / "services" / "cart" / "service.yaml"
    service.write_text(service.read_text().replace("name: cart", "name: gateway").replace("shop", "istio-ingress"))
    assert main(["build"]) == 1
    assert "[name-reserved]" in capsys.readouterr().out


def test_a_declared_kubernetes_gateway_serves_the_routes(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`known.gateways` with a class: requests through it are answered as through one of the repository."""
    text = PROJECT.format(HTTP, HTTPS).partition("gateway:\n")[0]
    known = "known: {gateways: [{name: istio-ingress/gateway, class: istio, hosts: ['*.example.com'], port: 80, protocol: HTTP}]}\n"
    (project / "sailwright.yaml").write_text(text + known)
    assert main(["route", "--gateway", "istio-ingress/gateway", "--url", "http://cart.example.com/"]) == 0
    shown = capsys.readouterr().out
    assert "60 % cart-v1.shop.svc.cluster.local:80" in shown
    assert "HTTPRoute shop/cart" in shown
