"""Argo Rollouts' and Flagger's kinds: read as strictly as the cluster reads them, with their defaults."""

from __future__ import annotations

import pytest
from tests.validate.test_gateway_api import told
from tools import derive_rollout_schemas as derive

from sailwright.validate.schemas import rollouts

SIZE = 300_000
ROLLOUT = """
apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: {name: cart, namespace: shop}
spec:
  replicas: 2
  selector: {matchLabels: {app: cart}}
  template:
    metadata: {labels: {app: cart}}
    spec:
      containers:
        - name: cart
          image: registry.example.com/cart:1.4.0
          ports: [{containerPort: 8080}]
          resources: {requests: {cpu: 100m}}
  strategy:
    canary:
      stableService: cart
      canaryService: cart-canary
      trafficRouting:
        istio: {virtualService: {name: cart, routes: [default]}}
      steps: [{setWeight: 20}, {pause: {duration: 1m}}, {pause: {}}]
"""
TEMPLATE = """
apiVersion: argoproj.io/v1alpha1
kind: AnalysisTemplate
metadata: {name: errors, namespace: shop}
spec:
  args: [{name: host}]
  metrics:
    - name: success
      interval: 1m
      failureLimit: 3
      provider: {prometheus: {address: http://prometheus.monitoring:9090, query: "sum(rate(x[1m]))"}}
"""
CANARY = """
apiVersion: flagger.app/v1beta1
kind: Canary
metadata: {name: cart, namespace: shop}
spec:
  targetRef: {apiVersion: apps/v1, kind: Deployment, name: cart}
  service: {port: 80, targetPort: 8080, gateways: [edge/public], hosts: [shop.example.com]}
  analysis:
    interval: 1m
    threshold: 5
    maxWeight: 50
    stepWeight: 10
    metrics: [{name: request-success-rate, thresholdRange: {min: 99}, interval: 1m}]
"""


@pytest.mark.parametrize(
    "text", [ROLLOUT, TEMPLATE, TEMPLATE.replace("AnalysisTemplate", "ClusterAnalysisTemplate"), CANARY]
)
def test_sound_objects_are_accepted(text: str) -> None:
    assert told(text) == []


@pytest.mark.parametrize(
    ("text", "old", "new", "path", "message"),
    [
        (ROLLOUT, "setWeight: 20", "setWeigth: 20", "spec.strategy.canary.steps.0.setWeigth", "there is no field `setWeigth`"),
        (ROLLOUT, "replicas: 2", "replicas: two", "spec.replicas", "expected a whole number"),
        (ROLLOUT, "containerPort: 8080", "containerPorts: 8080", "spec.template.spec.containers.0.ports.0", "containerPort"),
        (TEMPLATE, "provider: ", "provder: ", "spec.metrics.0.provder", "there is no field `provder`"),
        (CANARY, "stepWeight: 10", "stepsWeight: 10", "spec.analysis", "stepsWeight"),
        (CANARY, "  targetRef: {apiVersion: apps/v1, kind: Deployment, name: cart}\n", "", "spec", "targetRef"),
    ],
)  # fmt: skip
def test_mistakes_are_found(text: str, old: str, new: str, path: str, message: str) -> None:
    assert old in text
    found = told(text.replace(old, new))
    assert any(where.startswith(path) and message in said for _, where, said in found), found


def test_the_status_that_a_controller_writes_is_not_looked_at() -> None:
    assert told(ROLLOUT + "status: {HPAReplicas: 2, anything: [1]}\n") == []


@pytest.mark.parametrize("kind", ["Application", "Workflow"])
def test_other_programs_of_the_group_are_not_known(kind: str) -> None:
    """Argo CD's and Argo Workflows' kinds are of argoproj.io too."""
    text = f"apiVersion: argoproj.io/v1alpha1\nkind: {kind}\nmetadata: {{name: a}}\nspec: {{odd: true}}\n"
    assert [rule for rule, _, _ in told(text)] == ["schema-missing"]


def test_a_version_that_is_not_known_is_not_checked() -> None:
    assert [rule for rule, _, _ in told(ROLLOUT.replace("v1alpha1", "v1beta1"))] == ["schema-missing"]


def test_every_kind_that_lint_reads_has_a_schema() -> None:
    for api_version, kind in (("argoproj.io/v1alpha1", "Rollout"), ("flagger.app/v1beta1", "Canary")):
        assert rollouts.versions(api_version, kind) == (api_version,)
        assert rollouts.openapi_schema(api_version, kind)


def test_the_data_is_small_and_without_prose() -> None:
    assert derive.TARGET.stat().st_size < SIZE
    assert '"description":"' not in derive.TARGET.read_text()


def test_the_data_is_what_the_definitions_say() -> None:
    folders = {module: folder for module in derive.MODULES if (folder := derive.cached(module))}
    if len(folders) < len(derive.MODULES):
        pytest.skip("the definitions are not in Go's module cache: python -m tools.derive_rollout_schemas gets them")
    assert derive.derived(folders) == derive.TARGET.read_text()
