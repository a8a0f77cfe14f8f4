"""The schemas of Kubernetes: which versions are known, and where a kind is."""

from __future__ import annotations

import json
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

import pytest
from tools import derive_kubernetes_schemas as derive

from sailwright.validate.run import Settings, judge
from sailwright.validate.schemas import kubernetes


def test_the_newest_version_is_ours_to_say() -> None:
    assert kubernetes.versions()[-1] == kubernetes.NEWEST
    assert len(kubernetes.versions()) == 13


def test_the_schemas_are_those_of_the_package_that_they_come_from() -> None:
    """`make schemas` would write what is committed. What is installed may be another release than the one that was read."""
    installed = find_spec("kubernetes_validate")
    read = json.loads((derive.TARGET / "source.json").read_text())["version"]
    if installed is None or not installed.submodule_search_locations or version("kubernetes-validate") != read:
        pytest.skip(f"kubernetes-validate {read} is not installed")
    source = Path(installed.submodule_search_locations[0]) / "kubernetes-json-schema"
    assert derive.derived(source) == {each.name: each.read_text() for each in derive.TARGET.iterdir()}


@pytest.mark.parametrize(
    ("version", "nearest"), [("1.9", "1.25"), ("1.25", "1.25"), ("v1.34.2", "1.34"), ("1.40", "1.37"), ("2.0", "1.37")]
)
def test_a_version_that_is_not_known_is_checked_by_the_nearest(version: str, nearest: str) -> None:
    assert kubernetes.nearest_version(version) == nearest
    known = version.removeprefix("v").startswith(nearest)
    assert (kubernetes.version_fault(version) is None) == known


@pytest.mark.parametrize(
    ("api_version", "kind", "remedy"),
    [
        ("rbac.authorization.k8s.io/v1beta1", "Role", "it has one in rbac.authorization.k8s.io/v1"),
        ("extensions/v1beta1", "Ingress", "it has one in networking.k8s.io/v1"),
        ("batch/v1beta1", "CronJob", "it has one in batch/v1"),
        ("policy/v1beta1", "PodDisruptionBudget", "it has one in policy/v1"),
        ("apps/v1", "Service", "it has one in v1"),
        ("v1", "Servise", "did you mean `Service`?"),
        ("policy/v1beta1", "PodSecurityPolicy", "it was removed, or never was"),
    ],
)
def test_remedies_name_whole_groups(api_version: str, kind: str, remedy: str) -> None:
    ((problem,),) = judge([{"apiVersion": api_version, "kind": kind, "metadata": {"name": "a"}}], Settings())
    assert (problem.rule, problem.help) == ("kind-unknown", remedy)


def test_every_remedy_is_an_api_version_that_there_is() -> None:
    """Whatever kind is named in a wrong version, what is named instead has it."""
    for api_version in ("v1", "apps/v1", "batch/v1", "networking.k8s.io/v1", "rbac.authorization.k8s.io/v1"):
        for kind in kubernetes.kinds(kubernetes.NEWEST, api_version):
            for other in kubernetes.served(kubernetes.NEWEST, kind):
                assert kubernetes.schema(kubernetes.NEWEST, other, kind) is not None, (kind, other)


@pytest.mark.parametrize("kind", ["PodSpec", "DeleteOptions", "ObjectMeta", "deployment", "../v1"])
def test_what_is_no_object_of_a_group_has_no_schema(kind: str) -> None:
    assert kubernetes.schema(kubernetes.NEWEST, "v1", kind) is None


def test_null_in_the_metadata_is_a_field_that_is_not_there() -> None:
    """Generators write `creationTimestamp: null`, and the API server takes it, of its own kinds and of others."""
    fields = (
        "creationTimestamp",
        "labels",
        "annotations",
        "finalizers",
        "ownerReferences",
        "generateName",
        "generation",
    )
    for api_version, kind, spec in (
        ("networking.istio.io/v1", "DestinationRule", {"host": "cart"}),
        (
            "apps/v1",
            "Deployment",
            {"selector": {"matchLabels": {"app": "a"}}, "template": {"metadata": {"labels": {"app": "a"}}}},
        ),
    ):
        metadata = {"name": "cart", "namespace": "shop", **dict.fromkeys(fields)}
        value = {"apiVersion": api_version, "kind": kind, "metadata": metadata, "spec": spec}
        (found,) = judge([value], Settings())
        assert [problem for problem in found if problem.path[:1] == ("metadata",)] == []
        (found,) = judge([{**value, "metadata": {**metadata, "labels": ["a"]}}], Settings())
        assert [problem.path for problem in found if problem.path[:1] == ("metadata",)] == [("metadata", "labels")]
