"""Which objects are injected, who their pods' owner is, and what is left alone."""

from typing import Any

import pytest
from tests.injection.workloads import deployment, errors, injected, plain, template, variable

from sailwright.render.injection.inject import inject

NEWEST = "1.31.0"


@pytest.mark.parametrize(
    ("api_version", "kind"),
    [
        ("apps/v1", "Deployment"),
        ("apps/v1", "StatefulSet"),
        ("apps/v1", "DaemonSet"),
        ("apps/v1", "ReplicaSet"),
        ("v1", "ReplicationController"),
        ("apps.openshift.io/v1", "DeploymentConfig"),
        ("v1", "DeploymentConfig"),
        ("batch/v1", "Job"),
    ],
)
def test_workloads_own_their_pods(api_version: str, kind: str) -> None:
    workload = {**deployment(), "apiVersion": api_version, "kind": kind}
    owner = f"kubernetes://apis/{api_version}/namespaces/shop/{kind.lower()}s/reviews"
    assert variable(injected(workload, plain(NEWEST)), "ISTIO_META_OWNER") == owner


def pod(references: list[dict[str, Any]], labels: dict[str, str], **metadata: Any) -> dict[str, Any]:
    """A bare Pod with owners."""
    found = template(deployment(labels=labels))
    found["metadata"] |= {"namespace": "shop", "ownerReferences": references, **metadata}
    return {"apiVersion": "v1", "kind": "Pod", **found}


@pytest.mark.parametrize(
    ("reference", "labels", "owner"),
    [
        (
            ("apps/v1", "ReplicaSet", "web-5f7d"),
            {"pod-template-hash": "5f7d"},
            "apps/v1/namespaces/shop/deployments/web",
        ),
        (("apps/v1", "ReplicaSet", "web"), {}, "apps/v1/namespaces/shop/replicasets/web"),
        (
            ("apps/v1", "ReplicaSet", "web-77"),
            {"rollouts-pod-template-hash": "77"},
            "v1alpha1/namespaces/shop/rollouts/web",
        ),
        (
            ("v1", "ReplicationController", "web-3"),
            {"deploymentconfig": "web"},
            "v1/namespaces/shop/deploymentconfigs/web",
        ),
        (("batch/v1", "Job", "report-27891234"), {}, "batch/v1/namespaces/shop/cronjobs/report"),
        (("batch/v1", "Job", "report-1"), {}, "batch/v1/namespaces/shop/jobs/report-1"),
    ],
)
def test_a_pods_owner_is_guessed_as_the_webhook_does(
    reference: tuple[str, str, str], labels: dict[str, str], owner: str
) -> None:
    api_version, kind, name = reference
    references = [{"apiVersion": api_version, "kind": kind, "name": name, "controller": True}]
    found = variable(injected(pod(references, labels, generateName="x-"), plain(NEWEST)), "ISTIO_META_OWNER")
    assert found == f"kubernetes://apis/{owner}"


def test_a_named_pod_is_its_own_owner() -> None:
    references = [{"apiVersion": "apps/v1", "kind": "ReplicaSet", "name": "web-1", "controller": True}]
    found = variable(injected(pod(references, {}, name="web-1-x"), plain(NEWEST)), "ISTIO_META_OWNER")
    assert found == "kubernetes://apis/v1/namespaces/shop/pods/web-1-x"


def test_a_workload_without_a_name_has_no_owner() -> None:
    workload = deployment()
    workload["metadata"] = {"generateName": "once-", "namespace": "shop"}
    found = injected(workload, plain(NEWEST))
    assert variable(found, "ISTIO_META_OWNER") is None
    assert variable(found, "ISTIO_META_WORKLOAD_NAME") is None


@pytest.mark.parametrize(
    "value",
    [
        {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "x"}, "spec": {"ports": []}},
        {"apiVersion": "apps/v1beta1", "kind": "Deployment"},
        {"apiVersion": "argoproj.io/v1alpha1", "kind": "Rollout", "spec": {"template": {}}},
        {"kind": 7},
        {},
    ],
)
def test_other_objects_pass_through(value: dict[str, Any]) -> None:
    result = inject(value, plain(NEWEST))
    assert result.value is value
    assert result.problems == ()


def test_every_item_of_a_list_is_looked_at() -> None:
    broken = deployment({"sidecar.istio.io/proxyCPU": "lots"})
    service = {"apiVersion": "v1", "kind": "Service"}
    inner = {"apiVersion": "v1", "kind": "List", "items": [deployment(), broken]}
    result = inject({"apiVersion": "v1", "kind": "List", "items": [service, "odd", inner]}, plain(NEWEST))
    assert result.problems[0].path[:4] == ("items", 2, "items", 1)
    assert "initContainers" in template(result.value["items"][2]["items"][0])["spec"]
    assert result.value["items"][:2] == [service, "odd"]


@pytest.mark.parametrize(
    ("labels", "annotations", "spec"),
    [
        ({"sidecar.istio.io/inject": "false"}, {}, {}),
        ({}, {"sidecar.istio.io/inject": "false"}, {}),
        ({}, {}, {"hostNetwork": True}),
    ],
)
def test_who_is_left_alone_and_told_so(
    labels: dict[str, str], annotations: dict[str, str], spec: dict[str, Any]
) -> None:
    workload = deployment(annotations, labels, **spec)
    result = inject(workload, plain(NEWEST))
    assert result.value is workload
    assert [problem.severity for problem in result.problems] == ["info"]


def test_the_label_beats_the_annotation() -> None:
    workload = deployment({"sidecar.istio.io/inject": "false"}, {"sidecar.istio.io/inject": "true"})
    assert inject(workload, plain(NEWEST)).changed


def test_a_pod_without_containers_is_an_error() -> None:
    workload = deployment()
    workload["spec"]["template"]["spec"] = {}
    assert errors(inject(workload, plain(NEWEST))) == ["a pod needs `containers`"]
