"""`upgrade-check` of a large project looks at some services at a time: it reports what it reports of the whole mesh."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.lint.test_lint_in_portions import small

from sailwright.commands.upgrade_check import in_portions, run
from sailwright.commands.upgrade_check.formats import as_json, as_text
from sailwright.mesh.values.releases import parse_release
from sailwright.workspace.selection import Selection

PROJECT = """\
apiVersion: sailwright/v1alpha1
services: ["services/*/service.yaml"]
istio: {version: 1.30.3, controlPlanes: {default: 1.30.3}, sidecarMode: native, values: {pilot: {env: {PILOT_X: "1"}}}}
environments: {staging: {}, prod: {}}
namespaces: {shop: {labels: {istio-injection: disabled}}, lab: {labels: {istio-injection: enabled}}, web: {}}
manifests: [{paths: ["k8s/*.yaml"]}]
"""
SERVICE = """\
apiVersion: sailwright/v1alpha1
name: NAME
namespace: SPACE
ports:
  - {name: http, port: 8080, appProtocol: http}
versions:
  - {name: v1, image: "registry.example.com/NAME:1", weight: 80}
  - {name: v2, image: "registry.example.com/NAME:2", weight: 20}
"""
MORE = {
    "cart": "accessPolicy: {inbound: [{service: web/web}]}\n",
    "web": "mesh: {istio: {version: 1.28.0}}\n",
    "store": "trafficPolicy: {retryBudget: {minRetryConcurrency: 3}}\n",
    "edge": "mesh: {inject: webhook}\n",
    "plain": "mesh: {inject: none}\n",
    "loud": "# sailwright-ignore: no-such-rule\n",
}
BY_HAND = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: old, namespace: shop}
spec:
  selector: {matchLabels: {app: old}}
  template:
    metadata: {labels: {app: old}, annotations: {proxy.istio.io/config: "{concurrency: 2}"}}
    spec:
      containers: [{name: old, image: "registry.istio.io/release/proxyv2:1.29.6"}]
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: books, namespace: edge}
spec: {host: books.example.com, trafficPolicy: {retryBudget: {minRetryConcurrency: 3}}}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: nowhere, namespace: edge}
spec: {hosts: [nowhere.example.com], http: [{route: [{destination: {host: nowhere}}]}]}
"""


def written(name: str, more: str) -> str:
    """A service file. All sidecars of a namespace are of one release, and from one hand: else the whole mesh is loaded."""
    return SERVICE.replace("NAME", name).replace("SPACE", {"edge": "lab", "web": "web"}.get(name, "shop")) + more


def project(root: Path) -> Path:
    """A project whose services differ in what an upgrade changes for them."""
    (root / "k8s").mkdir(parents=True)
    (root / "sailwright.yaml").write_text(PROJECT)
    (root / "k8s/old.yaml").write_text(BY_HAND)
    for name, more in MORE.items():
        (root / "services" / name).mkdir(parents=True)
        (root / "services" / name / "service.yaml").write_text(written(name, more))
    return root


def reported(root: Path, to: str, running: str | None = None, environment: str | None = None) -> tuple[str, str]:
    """The report in both formats."""
    chosen = (environment,) if environment else ()
    selection = Selection((), chosen, project=str(root), cached=True, injecting=False, context="mesh")
    report = run.upgrade_check(selection, to, running)
    return as_text(report), as_json(report)


@pytest.mark.parametrize(
    ("to", "running", "environment"), [("1.30", "1.29", None), ("1.31", None, "prod"), ("1.32", None, None)]
)
def test_what_is_reported_is_the_same(
    to: str, running: str | None, environment: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = project(tmp_path / "project")
    whole = reported(folder, to, running, environment)
    small(monkeypatch)
    monkeypatch.setattr(run, "load", None)
    assert reported(folder, to, running, environment) == whole


def test_where_only_some_environments_are_upgraded_the_whole_mesh_is_loaded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = project(tmp_path / "project")
    other = PROJECT.replace("staging: {}", "staging: {istio: {version: 1.31.0, controlPlanes: {default: 1.31.0}}}")
    (folder / "sailwright.yaml").write_text(other)
    whole = reported(folder, "1.31")
    small(monkeypatch)
    assert in_portions.upgrade_in_portions(Selection(project=str(folder)), parse_release("1.31"), None) is None
    assert reported(folder, "1.31") == whole
