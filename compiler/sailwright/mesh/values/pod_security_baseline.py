"""What the Pod Security level `baseline` refuses in a pod, control by control.

Source: the Pod Security Standards page, and k8s.io/pod-security-admission/policy. Every container counts: init containers and
ephemeral ones too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from sailwright.diagnostics.finding import Path
from sailwright.runtime.records import dataclass
from sailwright.source.untyped import entries, get, mapping, text

Version = tuple[int, int]

CONTROLS: Final = (
    *("hostNetwork", "hostPID", "hostIPC", "hostPath", "hostPort", "hostProcess", "privileged", "capabilities"),
    *("procMount", "seccompProfile", "appArmorProfile", "seLinuxOptions", "sysctls", "probeHost"),
)
"""What `baseline` controls, by the fields that are at fault; `probeHost` is the `host` of probes and hooks."""

_LISTS: Final = ("initContainers", "containers", "ephemeralContainers")
_HOST_SETTINGS: Final = ("hostNetwork", "hostPID", "hostIPC")
_CAPABILITIES: Final = frozenset(
    (
        *("AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD", "NET_BIND_SERVICE", "SETFCAP"),
        *("SETGID", "SETPCAP", "SETUID", "SYS_CHROOT"),
    )
)
_SELINUX_TYPES: Final[Mapping[str, Version]] = {
    "container_t": (1, 0),
    "container_init_t": (1, 0),
    "container_kvm_t": (1, 0),
    "container_engine_t": (1, 31),
}
_SYSCTLS: Final[Mapping[str, Version]] = {
    "kernel.shm_rmid_forced": (1, 0),
    "net.ipv4.ip_local_port_range": (1, 0),
    "net.ipv4.ip_unprivileged_port_start": (1, 0),
    "net.ipv4.tcp_syncookies": (1, 0),
    "net.ipv4.ping_group_range": (1, 0),
    "net.ipv4.ip_local_reserved_ports": (1, 27),
    "net.ipv4.tcp_keepalive_time": (1, 29),
    "net.ipv4.tcp_fin_timeout": (1, 29),
    "net.ipv4.tcp_keepalive_intvl": (1, 29),
    "net.ipv4.tcp_keepalive_probes": (1, 29),
    "net.ipv4.tcp_rmem": (1, 32),
    "net.ipv4.tcp_wmem": (1, 32),
}
"""The safe sysctls, and the version of the level from which on they are allowed (check_sysctls.go)."""
_APPARMOR: Final = "container.apparmor.security.beta.kubernetes.io/"
_SECCOMP: Final = ("seccomp.security.alpha.kubernetes.io/pod", "container.seccomp.security.alpha.kubernetes.io/")
_CONFINED: Final = ("RuntimeDefault", "Localhost")
_PROBES: Final = (
    *(("livenessProbe",), ("readinessProbe",), ("startupProbe",)),
    *(("lifecycle", "postStart"), ("lifecycle", "preStop")),
)
_FIELDS_OF_SECCOMP: Final = (1, 19)
_NO_HOST_OF_PROBES: Final = (1, 34)
_USER_NAMESPACES: Final = (1, 35)


@dataclass(frozen=True, slots=True)
class Violation:
    """One thing that a level refuses. `control` is the field that is at fault, `path` leads there from the pod template.

    `value` is what is written there, in full, so that another value is another violation.
    """

    control: str
    path: Path
    message: str
    value: str = ""


def baseline(pod: Mapping[str, Any], version: Version | None = None) -> Iterator[Violation]:
    """What a version of `baseline` refuses in a pod or pod template: a map with `metadata` and `spec`.

    Without a version it is unknown: what a newer one allows is allowed, and what only a newer one refuses is too.
    """
    spec = mapping(pod.get("spec"))
    yield from _of_pod(spec, version)
    yield from _annotations(pod, spec, version)
    for path, container in containers(spec):
        yield from _of_container(container, path, version)
        if not in_user_namespace(spec, version):
            yield from proc_mount(container, path)


def in_user_namespace(spec: Mapping[str, Any], version: Version | None) -> bool:
    """Whether the level is milder because root in the pod is nobody outside of it (from 1.35 on)."""
    return spec.get("hostUsers") is False and (version is None or version >= _USER_NAMESPACES)


def containers(spec: Mapping[str, Any]) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    """All containers of a pod spec, and where they are in the pod template."""
    for field in _LISTS:
        yield from entries(spec.get(field), ("spec", field))


def parse_version(text: str) -> Version | None:
    """`1.34` or `1.34.2` as major and minor; None for what is no version."""
    major, _, rest = text.partition(".")
    minor = rest.partition(".")[0]
    return (int(major), int(minor)) if major.isdecimal() and minor.isdecimal() else None


def safe_capability(capability: object) -> bool:
    """Whether `baseline` lets a container add a capability."""
    return capability in _CAPABILITIES


def _from(known: Mapping[str, Version], word: str, version: Version | None) -> bool:
    return word in known and (version is None or version >= known[word])


def _of_pod(spec: Mapping[str, Any], version: Version | None) -> Iterator[Violation]:
    for setting in _HOST_SETTINGS:
        if spec.get(setting) is True:
            yield Violation(setting, ("spec", setting), setting)
    for path, volume in entries(spec.get("volumes"), ("spec", "volumes")):
        if volume.get("hostPath") is not None:
            name, where = text(volume.get("name")), text(get(volume, "hostPath", "path"))
            message = f"the hostPath volume `{name}`" + (f" ({where})" if where else "")
            yield Violation("hostPath", (*path, "hostPath"), message, repr(volume["hostPath"]))
    context = mapping(spec.get("securityContext"))
    for path, sysctl in entries(context.get("sysctls"), ("spec", "securityContext", "sysctls")):
        if not _from(_SYSCTLS, text(sysctl.get("name")), version):
            yield Violation("sysctls", path, f"the sysctl {text(sysctl.get('name'))}", repr(sysctl))
    yield from _of_context(context, ("spec", "securityContext"), "the pod", version)


def _of_container(container: Mapping[str, Any], path: Path, version: Version | None) -> Iterator[Violation]:
    whose = _whose(container)
    context = mapping(container.get("securityContext"))
    place = (*path, "securityContext")
    if context.get("privileged") is True:
        yield Violation("privileged", (*place, "privileged"), f"`privileged` for {whose}")
    added = get(context, "capabilities", "add")
    for index, capability in enumerate(added if isinstance(added, list) else ()):
        if not isinstance(capability, str) or capability not in _CAPABILITIES:
            where = (*place, "capabilities", "add", index)
            yield Violation("capabilities", where, f"the capability {capability} for {whose}", str(capability))
    for where, port in entries(container.get("ports"), (*path, "ports")):
        if port.get("hostPort"):
            message = f"the hostPort {port['hostPort']} for {whose}"
            yield Violation("hostPort", (*where, "hostPort"), message, str(port["hostPort"]))
    yield from _of_context(context, place, whose, version)
    if version is not None and version >= _NO_HOST_OF_PROBES:
        yield from _hosts_of_probes(container, path, whose)


def _hosts_of_probes(container: Mapping[str, Any], path: Path, whose: str) -> Iterator[Violation]:
    """A probe of another host makes the kubelet call it (check_hostProbesAndhostLifecycle.go)."""
    for keys in _PROBES:
        probe = get(container, *keys)
        for handler in ("httpGet", "tcpSocket") if probe else ():
            if host := get(probe, handler, "host"):
                message = f"the host {host} in {'.'.join((*keys, handler))} of {whose}"
                yield Violation("probeHost", (*path, *keys, handler, "host"), message, str(host))


def proc_mount(container: Mapping[str, Any], path: Path) -> Iterator[Violation]:
    """Another view of /proc than the usual, masked one."""
    mount = get(container, "securityContext", "procMount")
    if mount not in (None, "", "Default"):
        where = (*path, "securityContext", "procMount")
        yield Violation("procMount", where, f"`procMount: {mount}` for {_whose(container)}", str(mount))


_OF_CONTEXT: Final = frozenset(("windowsOptions", "seccompProfile", "appArmorProfile", "seLinuxOptions"))


def _of_context(context: Mapping[str, Any], place: Path, whose: str, version: Version | None) -> Iterator[Violation]:
    """What a pod and a container can both say."""
    if _OF_CONTEXT.isdisjoint(context):
        return
    if get(context, "windowsOptions", "hostProcess") is True:
        yield Violation("hostProcess", (*place, "windowsOptions", "hostProcess"), f"`hostProcess` for {whose}")
    for profile, words in (("seccompProfile", "seccomp"), ("appArmorProfile", "AppArmor")):
        kind = get(context, profile, "type")
        if isinstance(context.get(profile), dict) and kind not in _CONFINED:
            yield Violation(profile, (*place, profile, "type"), f"no {words} profile for {whose}", str(kind))
    options = mapping(context.get("seLinuxOptions"))
    for key in ("type", "user", "role"):
        value = text(options.get(key))
        if value and (key != "type" or not _from(_SELINUX_TYPES, value, version)):
            message = f"the SELinux {key} {value} for {whose}"
            yield Violation("seLinuxOptions", (*place, "seLinuxOptions", key), message, value)


def _annotations(pod: Mapping[str, Any], spec: Mapping[str, Any], version: Version | None) -> Iterator[Violation]:
    """The profiles that were annotations before they were fields; those of seccomp counted until 1.18."""
    written = mapping(get(pod, "metadata", "annotations"))
    yield from _apparmor_annotations(written)
    if version is not None and version < _FIELDS_OF_SECCOMP:
        yield from seccomp_annotations(written, spec)


def _apparmor_annotations(annotations: Mapping[str, Any]) -> Iterator[Violation]:
    for key, value in annotations.items():
        allowed = value in ("", "runtime/default") or text(value).startswith("localhost/")
        if str(key).startswith(_APPARMOR) and not allowed:
            name = str(key).removeprefix(_APPARMOR)
            message = f"the AppArmor profile {value} for the container `{name}`"
            yield Violation("appArmorProfile", ("metadata", "annotations", key), message, str(value))


def seccomp_annotations(annotations: Mapping[str, Any], spec: Mapping[str, Any]) -> Iterator[Violation]:
    """The seccomp profiles in annotations that versions of `baseline` before 1.19 refuse."""
    own = [_SECCOMP[1] + text(container.get("name")) for _, container in containers(spec)]
    for key in (_SECCOMP[0], *own):
        value = annotations.get(key)
        if value is None or value in ("runtime/default", "docker/default") or text(value).startswith("localhost/"):
            continue
        message = f"the seccomp profile {value} by the annotation {key}"
        yield Violation("seccompProfile", ("metadata", "annotations", key), message, str(value))


def _whose(container: Mapping[str, Any]) -> str:
    return f"the container `{text(container.get('name'))}`"
