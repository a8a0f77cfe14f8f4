"""`sailwright migrate --to gateway-api`: what is ready, what blocks, and that each step is what the plan says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from sailwright.cli import main

PROJECT = """\
apiVersion: sailwright/v1alpha1
istio: {version: 1.31.0, sidecarMode: native}
environments: {staging: {}, prod: {}}
manifests: [{paths: ["k8s/*.yaml"]}]
"""
CART = """\
apiVersion: sailwright/v1alpha1
name: cart
namespace: shop
ports:
  - {name: http, port: 8080, appProtocol: http}
versions:
  - {name: v1, image: "registry.example.com/cart:1", weight: 80}
  - {name: v2, image: "registry.example.com/cart:2", weight: 20}
"""


def named(name: str, more: str = "") -> str:
    """The cart under another name, with something more."""
    return CART.replace("cart", name) + more


SERVICES = {
    "cart": CART,
    "done": named("done", "routing: {api: gateway}\n"),
    "plain": named("plain")
    .replace(", weight: 80", "")
    .replace('  - {name: v2, image: "registry.example.com/plain:2", weight: 20}\n', ""),
    "pay": named("pay", "routes: [{name: slow, fault: {delay: {percentage: {value: 10}, fixedDelay: 2s}}, to: v1}]\n"),
    "search": named("search", "routes: [{name: old, match: [{uri: {prefix: /old}}], to: v1}]\n"),
}


def project(root: Path, services: dict[str, str] = SERVICES, **files: str) -> Path:
    """A project on disk."""
    (root / "sailwright.yaml").write_text(PROJECT)
    for name, text in services.items():
        file = root / "services" / name / "service.yaml"
        file.parent.mkdir(parents=True)
        file.write_text(text)
    for name, text in files.items():
        (root / "k8s").mkdir(exist_ok=True)
        (root / "k8s" / f"{name}.yaml").write_text(text)
    return root


def plan(root: Path, capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    """The plan as data."""
    asked = ["migrate", "--to", "gateway-api", "--project", str(root), "--format", "json", *arguments]
    assert main(asked) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def by_service(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The parts of a plan by service."""
    return {each["service"]: each for each in document["services"]}


def test_each_service_has_its_state(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = plan(project(tmp_path), capsys)
    assert {name: each["state"] for name, each in by_service(found).items()} == {
        "shop/cart": "ready",
        "shop/search": "changes",
        "shop/pay": "blocked",
        "shop/done": "done",
        "shop/plain": "nothing",
    }
    assert [each["service"] for each in found["services"]][:3] == ["shop/cart", "shop/search", "shop/pay"]


def test_what_blocks_is_told_at_its_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pay = by_service(plan(project(tmp_path), capsys))["shop/pay"]
    (blocker,) = pay["blockers"]
    assert "has no fault injection" in blocker["message"]
    assert (Path(blocker["location"]["file"]).parent.name, blocker["location"]["line"]) == ("pay", 9)
    assert pay["steps"] == []


def test_what_changes_is_what_diff_says(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    search = by_service(plan(project(tmp_path), capsys))["shop/search"]
    (step,) = search["steps"]
    assert step["diff"]
    assert any("whole segments" in note["message"] for note in search["notes"])


def test_a_step_is_the_lines_that_it_shows(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Written as shown, the service has moved, and `diff` has nothing to say of its requests."""
    root = project(tmp_path)
    step = by_service(plan(root, capsys))["shop/cart"]["steps"][0]
    assert step["diff"] == []
    file = root / "services/cart/service.yaml"
    file.write_text(file.read_text() + "\n".join(step["lines"]) + "\n")
    assert by_service(plan(root, capsys))["shop/cart"]["state"] == "done"
    assert main(["lint", "--project", str(root)]) == 0


def test_one_environment_moves_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = project(tmp_path)
    step = by_service(plan(root, capsys, "--env", "staging"))["shop/cart"]["steps"][0]
    assert step["lines"] == ["environments:", "  staging:", "    routing:", "      api: gateway"]
    file = root / "services/cart/service.yaml"
    file.write_text(file.read_text() + "\n".join(step["lines"]) + "\n")
    assert by_service(plan(root, capsys, "--env", "staging"))["shop/cart"]["state"] == "done"
    assert by_service(plan(root, capsys, "--env", "prod"))["shop/cart"]["state"] == "ready"


def test_a_virtual_service_beside_it_blocks(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    beside = """\
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: mine, namespace: shop}
spec:
  hosts: [cart.shop.svc.cluster.local]
  http: [{route: [{destination: {host: cart.shop.svc.cluster.local}}]}]
"""
    cart = by_service(plan(project(tmp_path, beside=beside), capsys))["shop/cart"]
    assert cart["state"] == "blocked"
    assert any("VirtualService shop/mine names its host too" in each["message"] for each in cart["blockers"])


def test_a_gateway_of_istios_blocks(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    gateway = """\
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: public, namespace: edge}
spec:
  selector: {istio: edge}
  servers: [{port: {number: 80, name: http, protocol: HTTP}, hosts: ["*/*"]}]
"""
    exposed = named("web", "expose: {hosts: [shop.example.com], gateways: [edge/public]}\n")
    web = by_service(plan(project(tmp_path, {"web": exposed}, gateway=gateway), capsys))["shop/web"]
    assert web["state"] == "blocked"
    assert any("is an Istio Gateway" in each["message"] for each in web["blockers"])


def test_a_gateway_in_no_file_is_a_note(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    exposed = named("web", "expose: {hosts: [shop.example.com], gateways: [edge/public]}\n")
    web = by_service(plan(project(tmp_path, {"web": exposed}), capsys))["shop/web"]
    assert any("Gateway edge/public is in no file" in each["message"] for each in web["notes"])


def test_nothing_is_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = project(tmp_path)
    before = {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}
    plan(root, capsys)
    assert {path: path.read_bytes() for path in root.rglob("*") if path.is_file()} == before


def test_the_text_counts_and_numbers_the_steps(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["migrate", "--to", "gateway-api", "--project", str(project(tmp_path))]) == 0
    out = capsys.readouterr().out
    assert "  1. shop/cart" in out
    assert "  2. shop/search" in out
    assert out.endswith("5 services: 1 ready, 1 ready with changes, 1 blocked, 1 done, 1 with nothing to do\n")


def test_a_project_at_fault_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = project(tmp_path, {"cart": CART.replace("weight: 20", "weight: 21")})
    assert main(["migrate", "--to", "gateway-api", "--project", str(root)]) == 2
    assert "correct it, then ask again" in capsys.readouterr().err
    assert main(["migrate", "--to", "gateway-api", "--project", str(root), "--env", "dev"]) == 2
