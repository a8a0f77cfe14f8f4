"""`sailwright migrate --to ambient`: callees before their callers, waypoints where requests matter, and the gaps that are left."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from sailwright.cli import main
from sailwright.commands.migrate.order import waves

PROJECT = """\
apiVersion: sailwright/v1alpha1
istio: {version: 1.31.0, sidecarMode: native}
routing: {api: gateway}
environments: {staging: {}, prod: {}}
namespaces: {shop: {labels: {istio-injection: disabled}}}
manifests: [{paths: ["k8s/*.yaml"]}]
"""
SERVICE = """\
apiVersion: sailwright/v1alpha1
name: {name}
namespace: shop
ports:
  - {{name: http, port: 8080, appProtocol: http}}
versions:
  - {{name: v1, image: "registry.example.com/{name}:1", weight: {weight}}}
{more}"""
SPLIT = '  - {name: v2, image: "registry.example.com/x:2", weight: 20}\n'


def named(name: str, more: str = "", *, split: bool = False) -> str:
    """A service; with `split` it has two versions, so routes are rendered."""
    return SERVICE.format(name=name, weight=80 if split else 100, more=(SPLIT if split else "") + more)


SHOP = {
    "cart": named("cart", "accessPolicy: {inbound: [{service: shop/web}]}\n", split=True),
    "web": named("web", "accessPolicy: {inbound: [{principal: cluster.local/ns/edge/sa/edge}]}\n"),
    "store": named("store", "accessPolicy: {inbound: [{service: shop/cart}]}\n"),
    "done": named("done", "mesh: {inject: ambient}\n"),
    "plain": named("plain", "mesh: {inject: none}\n"),
}


def project(root: Path, services: dict[str, str] = SHOP, text: str = PROJECT, **files: str) -> Path:
    """A project on disk."""
    (root / "sailwright.yaml").write_text(text)
    for name, written in services.items():
        file = root / "services" / name / "service.yaml"
        file.parent.mkdir(parents=True)
        file.write_text(written)
    for name, written in files.items():
        (root / "k8s").mkdir(exist_ok=True)
        (root / "k8s" / f"{name}.yaml").write_text(written)
    return root


def plan(root: Path, capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    """The plan as data."""
    assert main(["migrate", "--to", "ambient", "--project", str(root), "--format", "json", *arguments]) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def by_service(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The parts of a plan by service."""
    return {each["service"].partition("/")[2]: each for each in document["services"]}


def test_what_is_called_moves_before_its_callers(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = plan(project(tmp_path), capsys)
    order = [each["service"] for each in found["services"] if each["steps"]]
    assert order == ["shop/store", "shop/cart", "shop/web"]
    assert by_service(found)["web"]["steps"][0]["after"] == ["shop/cart"]
    assert {name: each["state"] for name, each in by_service(found).items() if not each["steps"]} == {
        "done": "done",
        "plain": "nothing",
    }


def test_what_is_about_requests_gets_a_waypoint_and_the_rest_does_not(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = by_service(plan(project(tmp_path), capsys))
    assert found["cart"]["steps"][0]["lines"] == ["mesh:", "  inject: ambient", "  waypoint: waypoint"]
    assert found["store"]["steps"][0]["lines"] == ["mesh:", "  inject: ambient"]


def test_the_gap_that_istios_guide_admits_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Only where a waypoint decides about requests; what ztunnel enforces has none."""
    found = by_service(plan(project(tmp_path), capsys))
    restart, past = found["cart"]["steps"][0]["gap"]
    assert "no hand-over in one step" in restart
    assert "calls from shop/web bypass the waypoint" in past
    assert found["store"]["steps"][0]["gap"] == []


def test_no_weight_is_lost_on_the_way(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The caller splits while it has a sidecar, the waypoint afterwards."""
    for each in plan(project(tmp_path), capsys)["services"]:
        for step in each["steps"]:
            assert not [line for line in step["diff"] if "from shop/web" in line and "%" in line]


def test_a_refusal_in_another_form_is_no_change(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """ztunnel closes connections where a sidecar answered 403; who was refused still is."""
    store = by_service(plan(project(tmp_path), capsys))["store"]
    assert store["state"] == "ready"
    assert all(" -> " in line for line in store["steps"][0]["diff"])


def test_a_blocked_service_holds_up_no_other(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    kept = {**SHOP, "cart": SHOP["cart"] + "mesh: {mtls: DISABLE}\n"}
    found = by_service(plan(project(tmp_path, kept), capsys))
    assert found["cart"]["state"] == "blocked"
    assert found["web"]["steps"]
    assert found["web"]["steps"][0]["after"] == []


def test_unknown_callers_are_named_as_such(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = by_service(plan(project(tmp_path, {"cart": named("cart", split=True)}), capsys))
    assert any("accessPolicy.inbound" in gap for gap in found["cart"]["steps"][0]["gap"])


@pytest.mark.parametrize(
    ("more", "text", "reason"),
    [
        ("mesh: {mtls: DISABLE}\n", PROJECT, "mtls: DISABLE"),
        ("", PROJECT.replace("api: gateway", "api: istio"), "its routes are a VirtualService"),
    ],
)
def test_what_blocks(tmp_path: Path, capsys: pytest.CaptureFixture[str], more: str, text: str, reason: str) -> None:
    found = by_service(plan(project(tmp_path, {"cart": named("cart", more, split=True)}, text), capsys))
    assert found["cart"]["state"] == "blocked"
    assert reason in found["cart"]["blockers"][0]["message"]


def policy(rules: str, selector: str = "{app: cart}") -> str:
    """A hand-written policy."""
    return f"""\
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {{name: mine, namespace: shop}}
spec: {{selector: {{matchLabels: {selector}}}, rules: [{rules}]}}
"""


@pytest.mark.parametrize(
    ("text", "blocked"),
    [
        (policy("{to: [{operation: {methods: [GET]}}]}"), True),
        (policy("{to: [{operation: {ports: ['8080']}}]}"), False),
        (policy("{from: [{source: {namespaces: [edge]}}]}"), False),
        (policy("{to: [{operation: {methods: [GET]}}]}", "{app: other}"), False),
    ],
)
def test_a_policy_about_requests_that_selects_pods_blocks(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, blocked: bool
) -> None:
    found = by_service(plan(project(tmp_path, {"cart": named("cart")}, mine=text), capsys))["cart"]
    told = [each["message"] for each in found["blockers"]]
    assert any("AuthorizationPolicy shop/mine" in each for each in told) == blocked


def test_sidecars_learn_hbone_first(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = project(tmp_path)
    first = plan(root, capsys)["first"]
    (step,) = (each for each in first if "lines" in each)
    assert step["lines"][-1].strip() == 'ISTIO_META_ENABLE_HBONE: "true"'
    known = PROJECT.replace(
        "sidecarMode: native",
        'sidecarMode: native, meshConfig: {defaultConfig: {proxyMetadata: {ISTIO_META_ENABLE_HBONE: "true"}}}',
    )
    (root / "sailwright.yaml").write_text(known)
    assert not any("lines" in each for each in plan(root, capsys)["first"])


def test_a_step_is_the_lines_that_it_shows(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = project(tmp_path)
    step = by_service(plan(root, capsys))["cart"]["steps"][0]
    file = root / "services/cart/service.yaml"
    file.write_text(file.read_text() + "\n".join(step["lines"]) + "\n")
    assert by_service(plan(root, capsys))["cart"]["state"] == "done"
    assert main(["build", "--project", str(root)]) == 0
    rendered = (root / "rendered/prod/shop/cart.yaml").read_text()
    assert "istio.io/dataplane-mode: ambient" in rendered
    assert "istio.io/use-waypoint: waypoint" in rendered


def test_one_environment_moves_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    step = by_service(plan(project(tmp_path), capsys, "--env", "staging"))["web"]["steps"][0]
    assert step["lines"] == ["environments:", "  staging:", "    mesh:", "      inject: ambient"]


@pytest.mark.parametrize("to", ["ambient", "gateway-api"])
def test_a_project_without_services_has_nothing_to_move(
    to: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "sailwright.yaml").write_text("apiVersion: sailwright/v1alpha1\n")
    assert main(["migrate", "--to", to, "--project", str(tmp_path)]) == 0
    assert capsys.readouterr().out == f"to {to}: there are no services in the project: nothing to move\n"


def test_services_that_call_each_other_move_together() -> None:
    callees = {"a": {"b"}, "b": {"a"}, "c": {"b"}, "d": set[str]()}
    assert waves("abcd", callees) == [["d"], ["a", "b"], ["c"]]
    assert waves("c", callees) == [["c"]]
