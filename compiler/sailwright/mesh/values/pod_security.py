"""Kubernetes' Pod Security Standards: what the levels `baseline` and `restricted` refuse in a pod.

Source: the Pod Security Standards page, and k8s.io/pod-security-admission/policy. Every container counts: init containers and
ephemeral ones too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final, Literal

from sailwright.diagnostics.finding import Path
from sailwright.runtime.records import dataclass
from sailwright.source.untyped import entries, get, mapping, text

Level = Literal["privileged", "baseline", "restricted"]

ENFORCE: Final = "pod-security.kubernetes.io/enforce"
"""The label by which a namespace names the level that its pods must keep to."""

_LISTS: Final = ("initContainers", "containers", "ephemeralContainers")
_HOST_SETTINGS: Final = ("hostNetwork", "hostPID", "hostIPC")
_CAPABILITIES: Final = frozenset(
    (
        *("AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD", "NET_BIND_SERVICE", "SETFCAP"),
        *("SETGID", "SETPCAP", "SETUID", "SYS_CHROOT"),
    )
)
_SELINUX_TYPES: Final = frozenset(("container_t", "container_init_t", "container_kvm_t", "container_engine_t"))
_SYSCTLS: Final = frozenset(
    (
        "kernel.shm_rmid_forced",
        *(f"net.ipv4.ip_{name}" for name in ("local_port_range", "unprivileged_port_start", "local_reserved_ports")),
        *(f"net.ipv4.tcp_{name}" for name in ("syncookies", "fin_timeout", "rmem", "wmem")),
        *(f"net.ipv4.tcp_keepalive_{name}" for name in ("time", "intvl", "probes")),
        "net.ipv4.ping_group_range",
    )
)
_VOLUMES: Final = frozenset(
    (
        "configMap",
        "csi",
        "downwardAPI",
        "emptyDir",
        "ephemeral",
        "persistentVolumeClaim",
        "projected",
        "secret",
        "image",
    )
)
_APPARMOR: Final = "container.apparmor.security.beta.kubernetes.io/"


@dataclass(frozen=True, slots=True)
class Violation:
    """One thing that a level refuses. `control` is the field that is at fault, `path` leads there from the pod template.

    `value` is what is written there, in full, so that another value is another violation.
    """

    control: str
    path: Path
    message: str
    value: str = ""


def violations(pod: Mapping[str, Any], level: Level) -> Iterator[Violation]:
    """What a level refuses in a pod or pod template: a map with `metadata` and `spec`."""
    if level == "privileged":
        return
    spec = mapping(pod.get("spec"))
    yield from _of_pod(spec)
    yield from _apparmor_annotations(pod)
    for path, container in containers(spec):
        yield from _of_container(container, path)
    if level == "restricted":
        yield from _restricted(spec)


def containers(spec: Mapping[str, Any]) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    """All containers of a pod spec, and where they are in the pod template."""
    for field in _LISTS:
        yield from entries(spec.get(field), ("spec", field))


def _of_pod(spec: Mapping[str, Any]) -> Iterator[Violation]:
    for setting in _HOST_SETTINGS:
        if spec.get(setting) is True:
            yield Violation(setting, ("spec", setting), setting)
    for path, volume in entries(spec.get("volumes"), ("spec", "volumes")):
        if volume.get("hostPath") is not None:
            name = text(volume.get("name"))
            yield Violation("hostPath", (*path, "hostPath"), f"the hostPath volume `{name}`", repr(volume["hostPath"]))
    context = mapping(spec.get("securityContext"))
    for path, sysctl in entries(context.get("sysctls"), ("spec", "securityContext", "sysctls")):
        if text(sysctl.get("name")) not in _SYSCTLS:
            yield Violation("sysctls", path, f"the sysctl {text(sysctl.get('name'))}", repr(sysctl))
    yield from _of_context(context, ("spec", "securityContext"), "the pod")


def _of_container(container: Mapping[str, Any], path: Path) -> Iterator[Violation]:
    whose = f"the container `{text(container.get('name'))}`"
    context = mapping(container.get("securityContext"))
    place = (*path, "securityContext")
    if context.get("privileged") is True:
        yield Violation("privileged", (*place, "privileged"), f"`privileged` for {whose}")
    added = get(context, "capabilities", "add")
    for index, capability in enumerate(added if isinstance(added, list) else ()):
        if capability not in _CAPABILITIES:
            where = (*place, "capabilities", "add", index)
            yield Violation("capabilities", where, f"the capability {capability} for {whose}", str(capability))
    for where, port in entries(container.get("ports"), (*path, "ports")):
        if port.get("hostPort"):
            message = f"the hostPort {port['hostPort']} for {whose}"
            yield Violation("hostPort", (*where, "hostPort"), message, str(port["hostPort"]))
    if context.get("procMount") not in (None, "", "Default"):
        yield Violation("procMount", (*place, "procMount"), f"`procMount: {context['procMount']}` for {whose}")
    yield from _of_context(context, place, whose)


def _of_context(context: Mapping[str, Any], place: Path, whose: str) -> Iterator[Violation]:
    """What a pod and a container can both say."""
    if get(context, "windowsOptions", "hostProcess") is True:
        yield Violation("hostProcess", (*place, "windowsOptions", "hostProcess"), f"`hostProcess` for {whose}")
    for profile, words in (("seccompProfile", "seccomp"), ("appArmorProfile", "AppArmor")):
        if get(context, profile, "type") == "Unconfined":
            yield Violation(profile, (*place, profile, "type"), f"no {words} profile for {whose}")
    options = mapping(context.get("seLinuxOptions"))
    for key in ("type", "user", "role"):
        value = text(options.get(key))
        if value and (key != "type" or value not in _SELINUX_TYPES):
            message = f"the SELinux {key} {value} for {whose}"
            yield Violation("seLinuxOptions", (*place, "seLinuxOptions", key), message, value)


def _apparmor_annotations(pod: Mapping[str, Any]) -> Iterator[Violation]:
    for key, value in mapping(get(pod, "metadata", "annotations")).items():
        allowed = value in ("", "runtime/default") or text(value).startswith("localhost/")
        if str(key).startswith(_APPARMOR) and not allowed:
            name = str(key).removeprefix(_APPARMOR)
            message = f"the AppArmor profile {value} for the container `{name}`"
            yield Violation("appArmorProfile", ("metadata", "annotations", key), message, str(value))


def _restricted(spec: Mapping[str, Any]) -> Iterator[Violation]:
    windows = get(spec, "os", "name") == "windows"
    for path, volume in entries(spec.get("volumes"), ("spec", "volumes")):
        for kind in volume.keys() - _VOLUMES - {"name", "hostPath"}:
            yield Violation("volumes", (*path, kind), f"the {kind} volume `{text(volume.get('name'))}`")
    pod = mapping(spec.get("securityContext"))
    if pod.get("runAsUser") == 0:
        yield Violation("runAsUser", ("spec", "securityContext", "runAsUser"), "the pod runs as root")
    for path, container in containers(spec):
        yield from _restricted_container(container, path, pod, windows=windows)


def _restricted_container(
    container: Mapping[str, Any], path: Path, pod: Mapping[str, Any], *, windows: bool
) -> Iterator[Violation]:
    name, context = text(container.get("name")), mapping(container.get("securityContext"))
    place = (*path, "securityContext") if context else path
    if context.get("runAsNonRoot", pod.get("runAsNonRoot")) is not True:
        yield Violation("runAsNonRoot", place, f"the container `{name}` does not say `runAsNonRoot: true`")
    if context.get("runAsUser") == 0:
        yield Violation("runAsUser", (*place, "runAsUser"), f"the container `{name}` runs as root")
    if windows:
        return
    if context.get("allowPrivilegeEscalation") is not False:
        message = f"the container `{name}` does not say `allowPrivilegeEscalation: false`"
        yield Violation("allowPrivilegeEscalation", place, message)
    if (get(context, "seccompProfile", "type") or get(pod, "seccompProfile", "type")) is None:
        yield Violation("seccompProfile", place, f"the container `{name}` names no seccompProfile")
    dropped, added = get(context, "capabilities", "drop"), get(context, "capabilities", "add")
    if "ALL" not in (dropped if isinstance(dropped, list) else ()):
        yield Violation("capabilities", place, f"the container `{name}` does not drop ALL capabilities")
    for capability in added if isinstance(added, list) else ():
        if capability in _CAPABILITIES - {"NET_BIND_SERVICE"}:
            message = f"the capability {capability} for the container `{name}`"
            yield Violation("capabilities", (*place, "capabilities", "add"), message, str(capability))
