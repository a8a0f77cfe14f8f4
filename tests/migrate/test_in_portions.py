"""`migrate --to gateway-api` of a large project tries out some services at a time: the plan is that of the whole mesh."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.lint.test_lint_in_portions import small

from sailwright.commands.migrate import run
from sailwright.commands.migrate.formats import as_json, as_text
from sailwright.runtime.cache import open_cache

PROJECT = """\
apiVersion: sailwright/v1alpha1
services: ["services/*/service.yaml"]
istio: {version: 1.31.0, sidecarMode: native}
environments: {staging: {}, prod: {}}
namespaces: {shop: {labels: {istio-injection: disabled}}}
manifests: [{paths: ["k8s/*.yaml"]}]
"""
SERVICE = """\
# What NAME is for.
apiVersion: sailwright/v1alpha1
name: NAME
namespace: shop
ports:
  - {name: http, port: 8080, appProtocol: http}
versions:
  - {name: v1, image: "registry.example.com/NAME:1", weight: 80}
  - {name: v2, image: "registry.example.com/NAME:2", weight: 20}
"""
ONE = """\
apiVersion: sailwright/v1alpha1
name: NAME
namespace: shop
ports:
  - {name: http, port: 8080, appProtocol: http}
versions:
  - {name: v1, image: "registry.example.com/NAME:1"}
"""
TIMES = "routes:\n  - {name: slow, match: [{uri: {prefix: /slow}}], to: v1, timeout: 3s}\n"
FAULTS = "routes:\n  - {name: faulty, fault: {abort: {percentage: {value: 10}, httpStatus: 503}}, to: v1}\n"
GUARDED = "accessPolicy: {inbound: [{service: shop/web}, {principal: cluster.local/ns/edge/sa/edge}]}\n"
TESTED = "tests:\n  - {name: first, request: {path: /slow}, expect: {version: v1}}\n"
SERVICES = {
    "cart": SERVICE + GUARDED,
    "web": SERVICE + TIMES,
    "store": SERVICE + "trafficPolicy: {outlierDetection: {consecutive5xxErrors: 5}}\n",
    "broken": SERVICE + FAULTS,
    "done": SERVICE + "routing: {api: gateway}\n",
    "plain": ONE,
    "flow": SERVICE.replace("namespace: shop\n", "namespace: shop\nrouting: {}\n"),
}
BESIDE = """\
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: mine, namespace: shop}
spec: {hosts: [store.shop.svc.cluster.local], http: [{route: [{destination: {host: store.shop.svc.cluster.local}}]}]}
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: guard, namespace: shop}
spec:
  selector: {matchLabels: {app: web}}
  rules: [{from: [{source: {principals: [cluster.local/ns/shop/sa/cart]}}], to: [{operation: {methods: [GET]}}]}]
"""


def project(root: Path, services: dict[str, str] = SERVICES, **files: str) -> Path:
    """A project whose services move each in another way, or not."""
    (root / "k8s").mkdir(parents=True)
    (root / "sailwright.yaml").write_text(PROJECT)
    for name, text in files.items():
        (root / "k8s" / f"{name}.yaml").write_text(text)
    for name, text in services.items():
        (root / "services" / name).mkdir(parents=True)
        (root / "services" / name / "service.yaml").write_text(text.replace("NAME", name))
    return root


def planned(root: Path, environment: str | None = None, *, cached: bool = True) -> tuple[str, str]:
    """The plan in both formats."""
    plan = run.migrate(str(root), "gateway-api", environment, open_cache(enabled=cached, project=str(root)))
    return as_text(plan), as_json(plan)


def unfit(*_: Any) -> Any:
    """Whoever would hold the whole mesh."""
    raise AssertionError


@pytest.mark.parametrize(
    ("services", "files", "environment", "cached"),
    [
        (SERVICES, {}, None, True),
        (SERVICES, {"beside": BESIDE}, "prod", True),
        ({"web": SERVICES["web"] + TESTED, "cart": SERVICES["cart"]}, {}, None, False),
    ],
)
def test_the_plan_is_the_same(
    services: dict[str, str],
    files: dict[str, str],
    environment: str | None,
    cached: bool,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    folder = project(tmp_path / "project", services, **files)
    whole = planned(folder, environment, cached=cached)
    small(monkeypatch)
    monkeypatch.setattr(run, "PLANS", {"gateway-api": unfit})
    assert planned(folder, environment, cached=cached) == whole


def test_where_a_gateway_serves_a_service_the_whole_mesh_is_loaded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    exposed = SERVICE + "expose: {hosts: [shop.example.com], gateways: [edge/public]}\n"
    folder = project(tmp_path / "project", {"store": SERVICES["store"], "front": exposed})
    whole = planned(folder)
    small(monkeypatch)
    assert planned(folder) == whole
    monkeypatch.setattr(run, "PLANS", {"gateway-api": unfit})
    with pytest.raises(AssertionError):
        planned(folder)
