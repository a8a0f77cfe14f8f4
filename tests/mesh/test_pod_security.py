"""The Pod Security Standards, control by control."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sailwright.mesh.values.pod_security import violations

SAFE = {
    "allowPrivilegeEscalation": False,
    "runAsNonRoot": True,
    "seccompProfile": {"type": "RuntimeDefault"},
    "capabilities": {"drop": ["ALL"], "add": ["NET_BIND_SERVICE"]},
}


def pod(container: dict[str, Any] | None = None, field: str = "containers", **spec: Any) -> dict[str, Any]:
    """A pod template with one container that `restricted` takes, changed."""
    return {"spec": {field: [{"name": "a", "securityContext": SAFE, **(container or {})}], **spec}}


def secured(**context: Any) -> dict[str, Any]:
    """A container with some security settings changed."""
    return {"securityContext": {**SAFE, **context}}


BASELINE: list[tuple[dict[str, Any], str]] = [
    (pod(hostNetwork=True), "hostNetwork"),
    (pod(hostPID=True), "hostPID"),
    (pod(volumes=[{"name": "v", "hostPath": {"path": "/"}}]), "hostPath"),
    (pod(secured(privileged=True)), "privileged"),
    (pod(secured(capabilities={"drop": ["ALL"], "add": ["NET_ADMIN"]})), "capabilities"),
    (pod({"ports": [{"containerPort": 80, "hostPort": 80}]}), "hostPort"),
    (pod(secured(procMount="Unmasked")), "procMount"),
    (pod(secured(seccompProfile={"type": "Unconfined"})), "seccompProfile"),
    (pod(secured(appArmorProfile={"type": "Unconfined"})), "appArmorProfile"),
    (pod(secured(seLinuxOptions={"type": "spc_t"})), "seLinuxOptions"),
    (pod(secured(seLinuxOptions={"user": "root"})), "seLinuxOptions"),
    (pod(secured(windowsOptions={"hostProcess": True})), "hostProcess"),
    (pod(securityContext={"sysctls": [{"name": "kernel.msgmax", "value": "1"}]}), "sysctls"),
    (
        {
            **pod(),
            "metadata": {"annotations": {"container.apparmor.security.beta.kubernetes.io/a": "unconfined"}},
        },
        "appArmorProfile",
    ),
]
RESTRICTED: list[tuple[dict[str, Any], str]] = [
    (pod(secured(runAsNonRoot=False)), "runAsNonRoot"),
    (pod(secured(runAsUser=0)), "runAsUser"),
    (pod(secured(allowPrivilegeEscalation=True)), "allowPrivilegeEscalation"),
    (pod(secured(seccompProfile=None)), "seccompProfile"),
    (pod(secured(capabilities={})), "capabilities"),
    (pod(secured(capabilities={"drop": ["ALL"], "add": ["CHOWN"]})), "capabilities"),
    (pod(volumes=[{"name": "v", "nfs": {"server": "a", "path": "/"}}]), "volumes"),
]
FINE: list[dict[str, Any]] = [
    pod(),
    pod(securityContext={"runAsUser": 1000, "sysctls": [{"name": "net.ipv4.tcp_syncookies", "value": "1"}]}),
    pod(volumes=[{"name": "n"}, {"name": "v", "emptyDir": {}}, {"name": "s", "secret": {"secretName": "s"}}]),
    pod(secured(seLinuxOptions={"type": "container_t"}, procMount="Default", privileged=False)),
    pod({"ports": [{"containerPort": 80, "hostPort": 0}]}),
    pod(secured(seccompProfile=None), securityContext={"seccompProfile": {"type": "RuntimeDefault"}}),
]


@pytest.mark.parametrize("field", ["containers", "initContainers", "ephemeralContainers"])
@pytest.mark.parametrize(("template", "control"), BASELINE, ids=str)
def test_baseline_refuses(template: dict[str, Any], control: str, field: str) -> None:
    """In every kind of container."""
    spec = template["spec"]
    moved = {**template, "spec": {**{k: v for k, v in spec.items() if k != "containers"}, field: spec["containers"]}}
    assert control in {violation.control for violation in violations(moved, "baseline")}
    assert control in {violation.control for violation in violations(moved, "restricted")}
    assert not list(violations(moved, "privileged"))


@pytest.mark.parametrize(("template", "control"), RESTRICTED, ids=str)
def test_restricted_refuses_more(template: dict[str, Any], control: str) -> None:
    """What `baseline` takes."""
    assert not list(violations(template, "baseline"))
    assert control in {violation.control for violation in violations(template, "restricted")}


@pytest.mark.parametrize("template", FINE, ids=str)
def test_a_safe_pod_is_fine(template: dict[str, Any]) -> None:
    """At both levels."""
    assert not list(violations(template, "restricted"))


def test_the_path_leads_to_the_field() -> None:
    """Seen from the pod template."""
    template = pod({"securityContext": {"capabilities": {"add": ["CHOWN", "NET_RAW"]}}}, "initContainers")
    [violation] = violations(template, "baseline")
    assert violation.path == ("spec", "initContainers", 0, "securityContext", "capabilities", "add", 1)
    assert violation.message == "the capability NET_RAW for the container `a`"


TREES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


@given(TREES, TREES)
def test_no_shape_breaks_it(one: Any, other: Any) -> None:
    """What is no pod is for the schema to refuse."""
    for template in (
        {"spec": one},
        pod({"securityContext": one, "ports": other}),
        pod(securityContext=one, volumes=other),
    ):
        list(violations(template, "restricted"))
