"""The built-in validator says what kubeconform says, in the same words, over sound and broken documents."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from tests.validate.samples import broken, sound

from sailwright.validate.kubeconform.run import Kubeconform
from sailwright.validate.run import Settings, judge


def test_sound_objects_are_accepted(kubeconform: Kubeconform) -> None:
    """By both."""
    assert judge(sound()) == judge(sound(), Settings(kubeconform=kubeconform)) == ((),) * len(sound())


@settings(
    max_examples=12,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],  # shrinking would run kubeconform hundreds of times
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.large_base_example, HealthCheck.too_slow],
)
@given(st.lists(broken(), min_size=20, max_size=60))
def test_backends_agree(kubeconform: Kubeconform, values: list[dict[str, Any]]) -> None:
    """Many broken objects in one process of kubeconform: the same objections, object by object."""
    ours = judge(values)
    theirs = judge(values, Settings(kubeconform=kubeconform))
    for value, mine, other in zip(values, ours, theirs, strict=True):
        assert mine == other, value


@pytest.mark.parametrize("version", ["1.25", "1.30", "1.37"])
def test_backends_agree_on_every_version(kubeconform: Kubeconform, version: str) -> None:
    """Each Kubernetes version has its own folder of schemas."""
    values = [
        {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p"}, "spec": {"initContainers": [
            {"name": "proxy", "restartPolicy": "Always"}], "containers": [{"name": "a", "ports": [{"containerPort": "x"}]}]}},
        {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "s"}, "spec": {"ports": [{"port": 80, "targetPort": None}]}},
    ]  # fmt: skip
    chosen = Settings(kubernetes=(version,))
    by_kubeconform = Settings(kubernetes=(version,), kubeconform=kubeconform)
    assert judge(values, chosen) == judge(values, by_kubeconform)
    native_sidecars = version != "1.25"
    (pod, service) = judge(values, chosen)
    assert any("restartPolicy" in each.path for each in pod) != native_sidecars
    assert service == (), "a null target port is dropped by the API server"


def test_several_versions_are_judged_in_one_run() -> None:
    """What one version alone refuses names it; what all refuse is said once."""
    pod = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p"}, "spec": {
        "initContainers": [{"name": "proxy", "restartPolicy": "Always"}], "containers": "none"}}  # fmt: skip
    (found,) = judge([pod], Settings(kubernetes=("1.25", "1.34.2", "v1.34")))
    assert {each.message for each in found} == {
        "there is no field `restartPolicy` (Kubernetes 1.25)",
        "expected a list, found `none`",
    }
