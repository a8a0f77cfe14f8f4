"""Selectors on labels that Kubernetes' controllers, nodes and the injector add: which workloads may carry them."""

from collections.abc import Mapping

import pytest

from sailwright.mesh.facts import Facts
from sailwright.mesh.index import Index
from sailwright.mesh.objects.run_time_labels import may_share_a_pod
from sailwright.mesh.queries.peer_authentication import Mtls
from sailwright.mesh.queries.possible_pods import may_select
from sailwright.source.manifest import manifests
from sailwright.source.source import parse


def index(text: str, facts: Facts | None = None) -> Index:
    return Index(manifests(parse("example.yaml", text.encode())), facts or Facts())


def workload(kind: str, spec: str = "") -> str:
    group = "batch/v1" if kind == "Job" else "argoproj.io/v1alpha1" if kind == "Rollout" else "apps/v1"
    return f"""
apiVersion: {group}
kind: {kind}
metadata: {{name: db, namespace: shop}}
spec:
  {spec}
  template: {{metadata: {{labels: {{app: cart, version: v2, sidecar.istio.io/inject: "true"}}}}}}
"""


CRON_JOB = """
apiVersion: batch/v1
kind: CronJob
metadata: {name: db, namespace: shop}
spec: {jobTemplate: {spec: {template: {metadata: {labels: {app: cart, sidecar.istio.io/inject: "false"}}}}}}
"""


@pytest.mark.parametrize(
    ("text", "label", "carried", "never"),
    [
        (workload("StatefulSet"), "statefulset.kubernetes.io/pod-name", "db-0", "cart-0"),
        (workload("StatefulSet"), "statefulset.kubernetes.io/pod-name", "db-12", "db-x"),
        (workload("StatefulSet"), "apps.kubernetes.io/pod-index", "1", "one"),
        (workload("StatefulSet", "ordinals: {start: 5}"), "apps.kubernetes.io/pod-index", "5", "4"),
        (workload("StatefulSet"), "controller-revision-hash", "db-5d4c", ""),
        (workload("Deployment"), "pod-template-hash", "5d4cf8", ""),
        (workload("Rollout"), "rollouts-pod-template-hash", "5d4cf8", ""),
        (workload("Job"), "job-name", "db", "cart"),
        (workload("Job", "completionMode: Indexed"), "batch.kubernetes.io/job-completion-index", "0", "first"),
        (CRON_JOB, "batch.kubernetes.io/job-name", "db-29311200", "db-first"),
        (workload("Deployment"), "service.istio.io/canonical-name", "cart", "db"),
        (workload("Deployment"), "service.istio.io/canonical-revision", "v2", "latest"),
        (workload("Deployment"), "security.istio.io/tlsMode", "istio", "disabled"),
        (workload("Deployment"), "networking.istio.io/tunnel", "http", "tcp"),
        (workload("Deployment"), "topology.kubernetes.io/zone", "zone-1", None),
    ],
)
def test_a_label_added_later_is_carried_with_the_values_it_can_have(
    text: str, label: str, carried: str, never: str | None
) -> None:
    mesh = index(text)
    assert [found.name for found in mesh.selected({"app": "cart", label: carried}, "shop")] == ["db"]
    assert not mesh.selected({"app": "other", label: carried}, "shop")
    assert never is None or not mesh.selected({label: never}, "shop")


@pytest.mark.parametrize(
    "selector",
    [{"service.istio.io/canonical-name": "cart"}, {"security.istio.io/tlsMode": "istio"}],
    ids=lambda selector: next(iter(selector)),
)
def test_the_injectors_labels_are_only_on_pods_with_a_sidecar(selector: Mapping[str, str]) -> None:
    assert not index(CRON_JOB).selected(selector, "shop")


def test_a_label_that_the_template_sets_keeps_its_value() -> None:
    text = workload("Deployment").replace("app: cart", "app: cart, service.istio.io/canonical-name: basket")
    assert index(text).selected({"service.istio.io/canonical-name": "basket"}, "shop")
    assert not index(text).selected({"service.istio.io/canonical-name": "cart"}, "shop")


def test_only_the_kind_whose_controller_sets_a_label_has_it() -> None:
    assert not index(workload("Deployment")).selected({"statefulset.kubernetes.io/pod-name": "db-0"}, "shop")
    assert not index(workload("StatefulSet")).selected({"pod-template-hash": "5d4cf8"}, "shop")


def test_the_analyzers_of_istioctl_compare_templates_alone() -> None:
    text = workload("StatefulSet").replace("apps/v1", "v1").replace("StatefulSet", "Pod")
    assert not index(text, Facts(compat=True)).selected({"security.istio.io/tlsMode": "istio"}, "shop")


FLAGGER = """
apiVersion: flagger.app/v1beta1
kind: Canary
metadata: {name: db, namespace: shop}
spec: {targetRef: {apiVersion: apps/v1, kind: Deployment, name: db}}
---
"""
EXPERIMENT = """strategy: {canary: {canaryMetadata: {labels: {role: canary}}, steps: [{experiment: {templates: [
    {name: preview, metadata: {labels: {app: cart-preview}}}]}}]}}"""
GATEWAY = """
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: public, namespace: shop}
spec: {gatewayClassName: istio}
"""


@pytest.mark.parametrize(
    ("text", "selector"),
    [
        (FLAGGER + workload("Deployment"), {"app": "cart-primary"}),
        (FLAGGER, {"app": "db-primary"}),
        (workload("Rollout", EXPERIMENT), {"app": "cart-preview"}),
        (workload("Rollout", EXPERIMENT), {"role": "canary"}),
        (GATEWAY, {"gateway.networking.k8s.io/gateway-name": "public"}),
        (GATEWAY, {"service.istio.io/canonical-name": "public-istio"}),
    ],
)
def test_pods_that_an_operator_makes_may_be_selected(text: str, selector: Mapping[str, str]) -> None:
    assert may_select(index(text), selector, "shop")
    assert not may_select(index(text), {"app": "other"}, "shop")
    assert not may_select(index(text), selector, "web")


@pytest.mark.parametrize(
    ("one", "other", "share"),
    [
        ({"app": "cart"}, {"version": "v1"}, True),
        ({"app": "cart"}, {"app": "db"}, False),
        ({"statefulset.kubernetes.io/pod-name": "db-0"}, {"statefulset.kubernetes.io/pod-name": "db-1"}, False),
        ({"statefulset.kubernetes.io/pod-name": "db-0"}, {"apps.kubernetes.io/pod-index": "1"}, False),
        ({"statefulset.kubernetes.io/pod-name": "db-1"}, {"apps.kubernetes.io/pod-index": "1"}, True),
        ({"job-name": "db"}, {"batch.kubernetes.io/job-name": "cart"}, False),
    ],
)
def test_selectors_of_two_pods_do_not_meet_in_one(
    one: Mapping[str, str], other: Mapping[str, str], share: bool
) -> None:
    assert may_share_a_pod(one, other) is share
    assert may_share_a_pod(other, one) is share


def test_a_policy_for_one_pod_says_nothing_of_the_workload() -> None:
    found = index(
        workload("StatefulSet")
        + """---
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: first, namespace: shop}
spec: {selector: {matchLabels: {statefulset.kubernetes.io/pod-name: db-0}}, mtls: {mode: STRICT}}
"""
    )
    assert found.derived(Mtls).declared(found.workloads[0]) is None
