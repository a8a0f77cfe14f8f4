"""The Pod Security Standards, control by control."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sailwright.mesh.values.pod_security import newest, pinned, violations

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


LISTS = ["containers", "initContainers", "ephemeralContainers"]
Fields = dict[str, Any]

OF_CONTAINERS: list[tuple[str, str, list[Fields], list[Fields]]] = [
    ("baseline", "privileged", [{"privileged": True}], [{}, {"privileged": False}]),
    (
        "baseline",
        "capabilities",
        [{"capabilities": {"add": [name]}} for name in ("NET_ADMIN", "NET_RAW", "SYS_ADMIN", "SYS_TIME", "BPF", "ALL", "chown")],
        [{"capabilities": {"add": [name]}} for name in ("AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD")]
        + [{"capabilities": {"add": [name]}} for name in ("NET_BIND_SERVICE", "SETFCAP", "SETGID", "SETPCAP", "SETUID", "SYS_CHROOT")]
        + [{"capabilities": {"drop": ["ALL"]}}, {"capabilities": {}}],
    ),
    ("baseline", "procMount", [{"procMount": "Unmasked"}], [{}, {"procMount": "Default"}, {"procMount": None}]),
    (
        "baseline",
        "seccompProfile",
        [{"seccompProfile": {"type": "Unconfined"}}, {"seccompProfile": {}}],
        [{}, {"seccompProfile": {"type": "RuntimeDefault"}}, {"seccompProfile": {"type": "Localhost", "localhostProfile": "a"}}],
    ),
    (
        "baseline",
        "appArmorProfile",
        [{"appArmorProfile": {"type": "Unconfined"}}],
        [{}, {"appArmorProfile": {"type": "RuntimeDefault"}}, {"appArmorProfile": {"type": "Localhost"}}],
    ),
    (
        "baseline",
        "seLinuxOptions",
        [{"seLinuxOptions": {key: "other_t"}} for key in ("type", "user", "role")],
        [{"seLinuxOptions": {"type": name}} for name in ("", "container_t", "container_init_t", "container_kvm_t", "container_engine_t")]
        + [{"seLinuxOptions": {"level": "s0:c1"}}],
    ),
    ("baseline", "hostProcess", [{"windowsOptions": {"hostProcess": True}}], [{}, {"windowsOptions": {"hostProcess": False}}]),
    ("restricted", "allowPrivilegeEscalation", [{}, {"allowPrivilegeEscalation": True}], [{"allowPrivilegeEscalation": False}]),
    ("restricted", "runAsNonRoot", [{}, {"runAsNonRoot": False}, {"runAsNonRoot": None}], [{"runAsNonRoot": True}]),
    ("restricted", "runAsUser", [{"runAsUser": 0}], [{}, {"runAsUser": 1000}, {"runAsUser": None}]),
    ("restricted", "seccompProfile", [{}], [{"seccompProfile": {"type": "RuntimeDefault"}}]),
    (
        "restricted",
        "capabilities",
        [{}, {"capabilities": {"drop": ["NET_RAW"]}}, {"capabilities": {"drop": ["ALL"], "add": ["CHOWN"]}}],
        [{"capabilities": {"drop": ["ALL"]}}, {"capabilities": {"drop": ["ALL"], "add": ["NET_BIND_SERVICE"]}}],
    ),
]  # fmt: skip
"""Level, control, and values of a container's securityContext that are refused and taken."""

OF_PODS: list[tuple[str, str, list[Fields], list[Fields]]] = [
    *[("baseline", name, [{name: True}], [{}, {name: False}]) for name in ("hostNetwork", "hostPID", "hostIPC")],
    (
        "baseline",
        "hostPath",
        [{"volumes": [{"name": "a", "emptyDir": {}}, {"name": "v", "hostPath": {"path": "/"}}]}],
        [{"volumes": [{"name": "v", "hostPath": None}]}, {"volumes": []}],
    ),
    (
        "baseline",
        "sysctls",
        [{"securityContext": {"sysctls": [{"name": name, "value": "1"}]}} for name in ("kernel.shm_rmid", "net.core.somaxconn")],
        [{"securityContext": {"sysctls": [{"name": "net.ipv4.ping_group_range", "value": "0 1"}]}}],
    ),
    ("baseline", "seccompProfile", [{"securityContext": {"seccompProfile": {"type": "Unconfined"}}}], [{"securityContext": {}}]),
    ("baseline", "appArmorProfile", [{"securityContext": {"appArmorProfile": {"type": "Unconfined"}}}], [{}]),
    ("baseline", "seLinuxOptions", [{"securityContext": {"seLinuxOptions": {"role": "r"}}}], [{"securityContext": {"seLinuxOptions": {}}}]),
    ("baseline", "hostProcess", [{"securityContext": {"windowsOptions": {"hostProcess": True}}}], [{}]),
    (
        "restricted",
        "volumes",
        [{"volumes": [{"name": "v", kind: {}}]} for kind in ("nfs", "iscsi", "gcePersistentDisk", "cephfs", "gitRepo", "fc", "azureFile")],
        [
            {"volumes": [{"name": "v", kind: {}}]}
            for kind in ("configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "persistentVolumeClaim", "projected", "secret")
        ],
    ),
    ("restricted", "runAsNonRoot", [{"securityContext": {"runAsNonRoot": False}}], [{"securityContext": {"runAsNonRoot": True}}]),
    ("restricted", "runAsUser", [{"securityContext": {"runAsUser": 0}}], [{"securityContext": {"runAsUser": 1}}]),
]  # fmt: skip
"""Level, control, and fields of a pod spec that are refused and taken."""


def controls(template: dict[str, Any], level: Any, version: tuple[int, int] | None = None) -> set[str]:
    return {violation.control for violation in violations(template, level, version)}


@pytest.mark.parametrize("field", LISTS)
@pytest.mark.parametrize(
    ("level", "control", "refused", "taken"), OF_CONTAINERS, ids=[f"{row[0]}-{row[1]}" for row in OF_CONTAINERS]
)
def test_the_table_of_controls_of_containers(
    level: str, control: str, refused: list[Fields], taken: list[Fields], field: str
) -> None:
    """Kubernetes' table, both outcomes, in containers of every kind."""
    safe = {key: value for key, value in SAFE.items() if key != control} if level == "restricted" else {}
    for context in refused:
        template = {"spec": {field: [{"name": "a", "securityContext": {**safe, **context}}]}}
        assert control in controls(template, "restricted"), context
        assert (control in controls(template, "baseline")) == (level == "baseline"), context
    for context in taken:
        template = {"spec": {field: [{"name": "a", "securityContext": {**safe, **context}}]}}
        assert control not in controls(template, level), context


@pytest.mark.parametrize(
    ("level", "control", "refused", "taken"), OF_PODS, ids=[f"{row[0]}-{row[1]}" for row in OF_PODS]
)
def test_the_table_of_controls_of_pods(level: str, control: str, refused: list[Fields], taken: list[Fields]) -> None:
    """Kubernetes' table, for what a pod says once."""
    for fields in refused:
        assert control in controls(pod(**fields), "restricted"), fields
        assert (control in controls(pod(**fields), "baseline")) == (level == "baseline"), fields
    for fields in taken:
        assert control not in controls(pod(**fields), "restricted"), fields


PROBES = [
    (probe, handler)
    for probe in ("livenessProbe", "readinessProbe", "startupProbe", "postStart", "preStop")
    for handler in ("httpGet", "tcpSocket")
]


@pytest.mark.parametrize("field", LISTS)
@pytest.mark.parametrize(("probe", "handler"), PROBES)
def test_the_kubelet_calls_no_other_host(probe: str, handler: str, field: str) -> None:
    """From 1.34 on; a version that nobody knows refuses nothing that only some do."""
    handlers: dict[str, Any] = {handler: {"port": 80, "host": "10.0.0.1"}}
    container = {probe: handlers} if probe.endswith("Probe") else {"lifecycle": {probe: handlers}}
    assert controls(pod(container, field), "baseline", (1, 34)) == {"probeHost"}
    assert controls(pod(container, field), "restricted", (1, 33)) == set()
    assert controls(pod(container, field), "baseline") == set()
    del handlers[handler]["host"]
    assert controls(pod(container, field), "baseline", (1, 34)) == set()


SINCE = [
    *[("kernel.shm_rmid_forced", 0), ("net.ipv4.ip_local_port_range", 0), ("net.ipv4.ip_unprivileged_port_start", 0)],
    *[("net.ipv4.tcp_syncookies", 0), ("net.ipv4.ping_group_range", 0), ("net.ipv4.ip_local_reserved_ports", 27)],
    *[
        (f"net.ipv4.tcp_{name}", 29)
        for name in ("keepalive_time", "fin_timeout", "keepalive_intvl", "keepalive_probes")
    ],
    *[("net.ipv4.tcp_rmem", 32), ("net.ipv4.tcp_wmem", 32)],
]


@pytest.mark.parametrize(("name", "minor"), SINCE)
def test_sysctls_are_safe_from_a_version_on(name: str, minor: int) -> None:
    template = pod(securityContext={"sysctls": [{"name": name, "value": "1"}]})
    assert controls(template, "baseline", (1, minor)) == controls(template, "baseline") == set()
    if minor:
        assert controls(template, "baseline", (1, minor - 1)) == {"sysctls"}


def test_other_controls_that_depend_on_the_version() -> None:
    engine = pod(secured(seLinuxOptions={"type": "container_engine_t"}))
    assert controls(engine, "baseline", (1, 31)) == set()
    assert controls(engine, "baseline", (1, 30)) == {"seLinuxOptions"}
    nobody = pod(secured(procMount="Unmasked", runAsUser=0, runAsNonRoot=False), hostUsers=False)
    assert controls(nobody, "baseline", (1, 35)) == set()
    assert controls(nobody, "restricted", (1, 35)) == {"procMount"}
    assert controls(nobody, "restricted", (1, 34)) == {"procMount", "runAsUser", "runAsNonRoot"}
    windows = pod({"securityContext": {"runAsNonRoot": True}}, os={"name": "windows"})
    assert controls(windows, "restricted", (1, 25)) == set()
    assert controls(windows, "restricted", (1, 24)) == {"allowPrivilegeEscalation", "capabilities", "seccompProfile"}
    bare = pod({"securityContext": {"runAsNonRoot": True, "allowPrivilegeEscalation": False, "runAsUser": 0}})
    assert controls(bare, "restricted", (1, 18)) == set()
    assert controls(bare, "restricted", (1, 23)) == {"seccompProfile", "capabilities", "runAsUser"}


PROFILES = {"unconfined": True, "": False, "runtime/default": False, "localhost/a": False, "docker/default": True}


@pytest.mark.parametrize("value", PROFILES)
def test_profiles_as_annotations(value: str) -> None:
    """Those of AppArmor count at all versions, those of seccomp until 1.18."""
    apparmor = {**pod(), "metadata": {"annotations": {"container.apparmor.security.beta.kubernetes.io/a": value}}}
    assert bool(controls(apparmor, "baseline")) == PROFILES[value]
    for key in ("seccomp.security.alpha.kubernetes.io/pod", "container.seccomp.security.alpha.kubernetes.io/a"):
        seccomp = {**pod(), "metadata": {"annotations": {key: value}}}
        assert bool(controls(seccomp, "baseline", (1, 18))) == (value in ("unconfined", ""))
        assert not controls(seccomp, "baseline", (1, 19))


def test_the_version_is_pinned_by_the_namespace_or_that_of_the_cluster() -> None:
    label = "pod-security.kubernetes.io/enforce-version"
    assert pinned({label: "v1.30"}, (1, 34)) == (1, 30)
    assert pinned({label: "latest"}, (1, 34)) == pinned({}, (1, 34)) == (1, 34)
    assert pinned({label: "latest"}, None) is None
    assert newest(("1.33", "1.34.2")) == (1, 34)
    assert newest(()) is None


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
